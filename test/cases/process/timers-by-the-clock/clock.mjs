export default {
  onRecord(record, ctx) {
    ctx.timers.atProcessingTime(1);
    ctx.timers.atProcessingTime(ctx.processingTime + 1e9);
    ctx.timers.deleteProcessingTime(2);
    ctx.emit({ ...record, domain: ctx.timeDomain });
  },
  onTimer(time, ctx) {
    ctx.emit({ time, domain: ctx.timeDomain });
  },
};
