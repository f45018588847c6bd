export default {
  onRecord(record, ctx) {
    ctx.state.value('last').set(record.x);
    ctx.timers.at(0);
  },
  onTimer(time, ctx) {
    ctx.emit({ key: ctx.key, last: ctx.state.value('last').get() });
  },
};
