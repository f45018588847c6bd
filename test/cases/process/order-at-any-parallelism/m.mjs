export default {
  onRecord(record, ctx) {
    ctx.timers.at(record.at);
    ctx.emit({ record: record.ts, key: ctx.key });
  },
  onTimer(time, ctx) {
    // Timers that set further ones, some of which are over already, without printing anything.
    if (time % 2 === 0) ctx.emit({ timer: time, key: ctx.key });
    else ctx.timers.at(time - 3);
  },
};
