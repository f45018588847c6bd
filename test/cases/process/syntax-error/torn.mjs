export default {
  onRecord(record ctx) {},
};
