// in: requests for short-lived bytes
// out: memory from a stack of bytes, given back by setting its top: tokens of results, rows being written

let base: usize = 0;
let top_: usize = 0;
let limit: usize = 0;

/** Sets the region that the stack lives in. */
export function scratchInit(at: usize, size: usize): void {
  base = at;
  top_ = at;
  limit = at + size;
}

/** The top: whoever takes bytes notes it first and sets it back when the bytes are no longer needed. */
export function scratchTop(): usize {
  return top_;
}

export function scratchSet(at: usize): void {
  top_ = at;
}

/** Bytes that can still be taken. */
export function scratchRoom(): usize {
  return limit - top_;
}
