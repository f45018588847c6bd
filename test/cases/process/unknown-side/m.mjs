export default { onRecord: (record, ctx) => ctx.side('lat', record) };
