export default {
  onRecord(record, ctx) {
    const seen = ctx.state.value('seen');
    seen.set([...(seen.get() ?? []), record.x]);
    ctx.emit({ key: ctx.key, seen: seen.get() });
  },
};
