export default { onRecord(record, ctx) { ctx.emit(record); } };
