export default {
  onRecord(record, ctx) {
    const list = ctx.state.list('list');
    const map = ctx.state.map('map');
    if (record.do === 'add') {
      list.add(record.x);
      map.set(record.x, (map.get(record.x) ?? 0) + 1);
    } else if (record.do === 'set') {
      list.set([...list].reverse());
    } else if (record.do === 'delete') {
      ctx.emit({ deleted: map.delete(record.x) });
    } else {
      list.clear();
      map.clear();
    }
    ctx.emit({ key: ctx.key, list: list.get(), length: list.size, keys: [...map.keys()], values: [...map.values()], entries: [...map.entries()], size: map.size, has: map.has('a') });
  },
};
