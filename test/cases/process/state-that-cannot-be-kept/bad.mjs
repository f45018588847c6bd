class Point {}
export default {
  onRecord(record, ctx) {
    ctx.state.value('place').set({ at: [new Point()] });
  },
};
