// in: sizes
// out: memory: a bump pointer with free lists by power-of-two class; what is freed is used again, nothing is given back to the system

const free_lists = memory.data(4 * 32, 16);
let top: usize = (__heap_base + 63) & ~63;
let used: usize = 0;

/** The class whose blocks hold `size` bytes: blocks of class c have 2^c bytes, 16 at least. */
function classOf(size: usize): u32 {
  return size <= 16 ? 4 : 32 - <u32>clz<u32>(<u32>(size - 1));
}

/** Makes the memory reach up to `end`; traps where the limit of the memory does not allow it. */
function reach(end: usize): void {
  const pages = <i32>((end + 0xffff) >>> 16);
  const have = memory.size();
  if (pages > have && memory.grow(pages - have) < 0) unreachable();
}

/** Memory of at least `size` bytes, aligned to 16. Not cleared. */
export function alloc(size: usize): usize {
  const c = classOf(size);
  const bytes: usize = (<usize>1) << c;
  used += bytes;
  const head = free_lists + (c << 2);
  const block = <usize>load<u32>(head);
  if (block) {
    store<u32>(head, load<u32>(block));
    return block;
  }
  const at = top;
  reach(at + bytes + 64); // SIMD loads may look up to 64 bytes behind what they are asked for
  top = at + bytes;
  return at;
}

/** Gives back what `alloc(size)` returned. */
export function free(at: usize, size: usize): void {
  const c = classOf(size);
  used -= (<usize>1) << c;
  const head = free_lists + (c << 2);
  store<u32>(at, load<u32>(head));
  store<u32>(head, <u32>at);
}

/** Bytes that are handed out. */
export function allocated(): usize {
  return used;
}

