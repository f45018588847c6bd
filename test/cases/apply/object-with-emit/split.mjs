export default {
  open() {
    this.factor = 2;
  },
  onRecord(record, ctx) {
    for (const x of record.xs) ctx.emit({ x: x * this.factor, watermark: ctx.watermark });
    if (record.last) return { last: true };
  },
  close(ctx) {
    ctx.emit({ closed: true });
  },
};
