export default {
  onRecord: (record, ctx) => ctx.timers.at(ctx.time + 1),
  onTimer: (time, ctx) => ctx.timers.at(time + 1),
};
