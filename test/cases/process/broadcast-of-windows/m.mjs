export default {
  onBroadcast(record, ctx) {
    ctx.broadcast.list('totals').add([record.window_start, record.total]);
  },
  onRecord(record, ctx) {
    ctx.emit({ ...record, start: typeof record.window_start, totals: ctx.broadcast.list('totals').get() });
  },
};
