export default {
  onBroadcast(rule, ctx) {
    ctx.broadcast.map('limits').set(rule.kind, rule.limit);
    ctx.emit({ rule: rule.kind, key: ctx.key === undefined, time: ctx.time === undefined });
  },
  onRecord(record, ctx) {
    const limit = ctx.broadcast.map('limits').get(record.kind);
    const n = ctx.state.value('n');
    n.set((n.get() ?? 0) + 1);
    ctx.emit({ ...record, key: ctx.key, n: n.get(), isHigh: record.value > limit });
  },
};
