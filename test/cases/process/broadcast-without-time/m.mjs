export default {
  onRecord(record, ctx) { ctx.emit(record); },
  onBroadcast(record, ctx) { if (record.loud) ctx.emit(record); },
};
