module.exports = { __esModule: true, default: { onRecord: (record, ctx) => ctx.emit({ old: record.k }) } };
