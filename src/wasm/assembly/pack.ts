// in: columns of spans (tokens, lines) of some rows
// out: the same in one piece of memory, and back: how rows travel between processes

function padded(n: usize): usize {
  return (n + 3) & ~3;
}

/** Bytes that `packSpans` writes for these rows. */
export function spanBytes(sel: usize, count: u32, starts: usize, ends: usize): usize {
  let bytes: usize = 0;
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = <usize>load<u32>(sel + (<usize>k << 2)) << 2;
    bytes += load<u32>(ends + row) - load<u32>(starts + row);
  }
  return padded(bytes) + (<usize>count << 2);
}

/** Lengths of the spans, then their bytes; returns the address behind, a multiple of 4 if `to` is one. */
export function packSpans(sel: usize, count: u32, starts: usize, ends: usize, to: usize): usize {
  let at = to + (<usize>count << 2);
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = <usize>load<u32>(sel + (<usize>k << 2)) << 2;
    const start = load<u32>(starts + row);
    const length: usize = load<u32>(ends + row) - start;
    store<u32>(to + (<usize>k << 2), <u32>length);
    memory.copy(at, start, length);
    at += length;
  }
  return to + (<usize>count << 2) + padded(at - to - (<usize>count << 2));
}

/** The bytes of spans one behind the other at `to`, and where each ends, counted from `used` on, at `ends_to`; returns how many bytes. */
export function gatherSpans(sel: usize, count: u32, starts: usize, ends: usize, to: usize, ends_to: usize, used: u32): usize {
  let at = to;
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = <usize>load<u32>(sel + (<usize>k << 2)) << 2;
    const start = load<u32>(starts + row);
    const length: usize = load<u32>(ends + row) - start;
    memory.copy(at, start, length);
    at += length;
    store<u32>(ends_to + (<usize>k << 2), used + <u32>(at - to));
  }
  return at - to;
}

/** Sets the spans of these rows to what packSpans wrote at `from`, where they stay; returns the address behind. */
export function unpackSpans(from: usize, sel: usize, count: u32, starts: usize, ends: usize): usize {
  const first = from + (<usize>count << 2);
  let at = first;
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = <usize>load<u32>(sel + (<usize>k << 2)) << 2;
    store<u32>(starts + row, <u32>at);
    at += load<u32>(from + (<usize>k << 2));
    store<u32>(ends + row, <u32>at);
  }
  return first + padded(at - first);
}

/** Types of tokens, a byte each; returns the address behind, a multiple of 4 if `to` is one. */
export function packTypes(sel: usize, count: u32, types: usize, to: usize): usize {
  for (let k: u32 = 0; k < count; k++) store<u8>(to + k, load<u8>(types + load<u32>(sel + (<usize>k << 2))));
  return to + padded(count);
}

/** The way back. */
export function unpackTypes(from: usize, sel: usize, count: u32, types: usize): usize {
  for (let k: u32 = 0; k < count; k++) store<u8>(types + load<u32>(sel + (<usize>k << 2)), load<u8>(from + k));
  return from + padded(count);
}

/** Tokens that a record does not have have no bytes: clears the spans of missing ones. */
export function clearMissing(sel: usize, count: u32, starts: usize, ends: usize, types: usize): void {
  for (let k: u32 = 0; k < count; k++) {
    const row = <usize>load<u32>(sel + (<usize>k << 2));
    if (load<u8>(types + row) == 0) store<u32>(ends + (row << 2), load<u32>(starts + (row << 2)));
  }
}

/** Stands for a span that is not inside its row's record. */
const OUTSIDE: u32 = 0xffffffff;

/** Bytes that packInside writes for these rows at most. */
export function insideBytes(sel: usize, count: u32, starts: usize, ends: usize): usize {
  return spanBytes(sel, count, starts, ends) + (<usize>count << 2);
}

/**
 * Spans of which most lie inside the records of their rows, which travel as well: where in them, and the length; then the bytes of
 * those that lie elsewhere. Returns the address behind, a multiple of 4 if `to` is one.
 */
export function packInside(sel: usize, count: u32, starts: usize, ends: usize, recordStarts: usize, recordEnds: usize, to: usize): usize {
  const first = to + (<usize>count << 3);
  let at = first;
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = <usize>load<u32>(sel + (<usize>k << 2)) << 2;
    const start = load<u32>(starts + row);
    const end = load<u32>(ends + row);
    const record = load<u32>(recordStarts + row);
    const isInside = start >= record && end <= load<u32>(recordEnds + row);
    store<u32>(to + (<usize>k << 3), isInside ? start - record : OUTSIDE);
    store<u32>(to + (<usize>k << 3), end - start, 4);
    if (isInside) continue;
    memory.copy(at, start, end - start);
    at += end - start;
  }
  return first + padded(at - first);
}

/** The way back; the records' own spans have been unpacked. */
export function unpackInside(from: usize, sel: usize, count: u32, starts: usize, ends: usize, recordStarts: usize): usize {
  const first = from + (<usize>count << 3);
  let at = first;
  for (let k: u32 = 0; k < count; k++) {
    const row: usize = <usize>load<u32>(sel + (<usize>k << 2)) << 2;
    const offset = load<u32>(from + (<usize>k << 3));
    const length = load<u32>(from + (<usize>k << 3), 4);
    const start = offset == OUTSIDE ? <u32>at : load<u32>(recordStarts + row) + offset;
    store<u32>(starts + row, start);
    store<u32>(ends + row, start + length);
    if (offset == OUTSIDE) at += length;
  }
  return first + padded(at - first);
}
