export default {
  onRecord({ ts, add, drop }, ctx) {
    const value = ctx.state.value('value', { ttl: '10ms' });
    const list = ctx.state.list('list', { ttl: 10 });
    const map = ctx.state.map('map', { ttl: '10ms' });
    ctx.emit({ ts, watermark: ctx.watermark, value: value.get(), list: list.get(), map: [...map], size: map.size, has: map.has(drop ?? add) });
    if (add) {
      value.set(add);
      list.add(add);
      map.set(add, ts);
    }
    if (drop) map.delete(drop);
    if (ts === 40) ctx.timers.at(45);
  },
  onTimer(time, ctx) {
    // The watermark is beyond the life of the value; at the timer's time it was there.
    ctx.emit({ timer: time, watermark: ctx.watermark, value: ctx.state.value('value').get() });
  },
};
