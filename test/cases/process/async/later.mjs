export default {
  async onRecord(record, ctx) {},
};
