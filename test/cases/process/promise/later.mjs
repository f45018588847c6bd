export default { onRecord: (record) => Promise.resolve(record) };
