export default {
  onRecord(record, ctx) {
    const last = ctx.state.value('last');
    ctx.emit({ k: ctx.key, start: record.window_start, end: record.window_end, change: record.n - (last.get() ?? 0), time: ctx.time });
    last.set(record.n);
  },
};
