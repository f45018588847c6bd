// in: numbers
// out: texts (one char a byte) whose order is that of the numbers

const view = Buffer.alloc(8);

/** Eight chars; of NaN whatever. The order of IEEE doubles is that of their bits, once those of negative numbers are turned round. */
function orderOf(value: number): string {
  view.writeDoubleBE(value === 0 ? 0 : value);
  if (view[0]! < 128) view[0]! |= 128;
  else for (let i = 0; i < 8; i++) view[i]! ^= 255;
  return view.latin1Slice(0, 8);
}

/** Texts of several numbers, the first of which decides first. */
export function orderText(...values: readonly number[]): string {
  return values.map(orderOf).join('');
}
