export default {
  onRecord(record, ctx) { ctx.emit(record); },
  onBroadcast(record, ctx) {
    ctx.emit({ seen: record.rule });
    record.limit.toFixed();
  },
};
