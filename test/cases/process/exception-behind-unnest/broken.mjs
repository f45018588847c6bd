export default {
  onRecord(record, ctx) {
    ctx.emit({ seen: record.x });
    check(record);
    ctx.emit({ checked: record.x });
  },
};

function check(record) {
  if (record.user.name === '') throw new RangeError('a user without a name');
}
