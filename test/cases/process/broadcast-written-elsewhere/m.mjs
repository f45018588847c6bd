export default {
  onRecord(record, ctx) { ctx.broadcast.value("x").set(1); },
  onBroadcast(record, ctx) { ctx.broadcast.value("x").set(2); },
};
