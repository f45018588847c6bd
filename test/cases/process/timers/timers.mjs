export default {
  onRecord(record, ctx) {
    for (const time of record.set ?? []) ctx.timers.at(time);
    for (const time of record.delete ?? []) ctx.timers.delete(time);
    ctx.emit({ record: record.ts, key: ctx.key, watermark: ctx.watermark });
  },
  onTimer(time, ctx) {
    ctx.emit({ timer: time, key: ctx.key, watermark: ctx.watermark, time: ctx.time });
    // Once more, at once: its time is reached already.
    if (time === 20) ctx.timers.at(19);
    if (time === 30) ctx.timers.delete(31);
    if (time === 40) ctx.timers.at(45);
  },
};
