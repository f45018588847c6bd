export default (record, ctx) => {
  if (record.n === undefined) return { ...record, time: ctx.time };
  if (record.n === 0) return undefined;
  if (record.n === -1) return null;
  return Array.from({ length: record.n }, (_, i) => ({ i, 'of': record.n }));
};
