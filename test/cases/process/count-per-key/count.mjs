export default {
  open(ctx) {
    this.n = ctx.state.value('n');
  },
  onRecord(record, ctx) {
    this.n.set((this.n.get() ?? 0) + 1);
    ctx.emit({ key: ctx.key, n: this.n.get(), x: record.x, missing: record.missing, time: ctx.time, watermark: ctx.watermark });
  },
};
