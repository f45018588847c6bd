export default {
  onRecord(record, ctx) {
    const { emit, side } = ctx;
    if (record.x < 0) side('negative', record);
    else if (record.x > 10) side('large', { x: record.x });
    else emit(record);
    if (record.x === 0) side('large', { zero: true });
  },
};
