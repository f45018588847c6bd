export default { onRecord() {} };
