export default {
  onRecord(record, ctx) {
    ctx.timers.at(ctx.time + 5);
  },
  onTimer(time, ctx) {
    ctx.emit({ time, key: ctx.key });
    if (time === 16) throw new RangeError('too much');
  },
};
