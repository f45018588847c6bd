export default {
  onBroadcast(record, ctx) {
    ctx.broadcast.value('rate').set(record.rate);
  },
  onRecord(record, ctx) {
    ctx.timers.at(ctx.time + 3000);
    ctx.emit({ who: ctx.key, ts: record.ts, watermark: ctx.watermark, rate: ctx.broadcast.value('rate').get() });
  },
  onTimer(time, ctx) {
    ctx.emit({ who: ctx.key, timer: time, watermark: ctx.watermark, rate: ctx.broadcast.value('rate').get() });
  },
  close(ctx) {
    ctx.emit({ closed: ctx.broadcast.value('rate').get() });
  },
};
