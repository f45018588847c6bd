const typed = (record) => ({ ...record, types: Object.values(record).map((value) => typeof value) });

export default { onRecord: (record, ctx) => ctx.emit(typed(record)) };
