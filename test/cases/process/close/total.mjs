let n = 0;
export default {
  onRecord() {
    n++;
  },
  close(ctx) {
    ctx.emit({ n, watermark: ctx.watermark, key: ctx.key });
  },
};
