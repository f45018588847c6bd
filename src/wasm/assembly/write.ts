// in: a batch's rows as record bytes and columns of tokens
// out: JSON lines, one behind the other
//
// A step of a program (8 u32): address and length of `"name":` · addresses of start, end and type of the field's tokens ·
// addresses of start, end and type of the tokens that the record has under this name already (0: it has no bytes or no such field)

const STEP: usize = 32;

function copy(to: usize, from: usize, n: usize): usize {
  if (n <= 32) {
    // Most tokens are short; what is written beyond n is overwritten by what comes next.
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
  } else memory.copy(to, from, n);
  return to + n;
}

/** Bytes that a row takes at most, without those of the record itself. */
function rowBound(program: usize, steps: u32, row: usize): usize {
  let bytes: usize = 64;
  for (let s: u32 = 0; s < steps; s++) {
    const d = program + <usize>s * STEP;
    const r = row << 2;
    if (load<u8>(<usize>load<u32>(d, 16) + row)) bytes += load<u32>(d, 4) + load<u32>(<usize>load<u32>(d, 12) + r) - load<u32>(<usize>load<u32>(d, 8) + r) + 1;
  }
  return bytes;
}

function writeFields(program: usize, steps: u32, row: usize, at: usize): usize {
  let separator: u8 = 123;
  const r = row << 2;
  for (let s: u32 = 0; s < steps; s++) {
    const d = program + <usize>s * STEP;
    if (!load<u8>(<usize>load<u32>(d, 16) + row)) continue;
    store<u8>(at, separator);
    separator = 44;
    at = copy(at + 1, load<u32>(d), load<u32>(d, 4));
    const start = <usize>load<u32>(<usize>load<u32>(d, 8) + r);
    at = copy(at, start, <usize>load<u32>(<usize>load<u32>(d, 12) + r) - start);
  }
  if (separator == 123) store<u8>(at++, 123);
  store<u8>(at, 125);
  return at + 1;
}

/** Rows sel[from … count-1] as lines of just their fields. Stops before a row that may not fit below `limit`; returns how many rows were written. */
export function writeProjected(program: usize, steps: u32, sel: usize, from: u32, count: u32, at: usize, limit: usize): u32 {
  let k = from;
  for (; k < count; k++) {
    const row = <usize>load<u32>(sel + (<usize>k << 2));
    if (at + rowBound(program, steps, row) > limit) break;
    at = writeFields(program, steps, row, at);
    store<u8>(at++, 10);
  }
  writtenTo = at;
  return k - from;
}

let writtenTo: usize = 0;

/** Address behind what the last call wrote. */
export function writeEnd(): usize {
  return writtenTo;
}

/** Rows as lines of the bytes that they came with; see writeProjected. */
export function writeRecords(starts: usize, ends: usize, sel: usize, from: u32, count: u32, at: usize, limit: usize): u32 {
  let k = from;
  while (k < count) {
    const row = <usize>load<u32>(sel + (<usize>k << 2)) << 2;
    const start = <usize>load<u32>(starts + row);
    let end = <usize>load<u32>(ends + row);
    if (at + (end - start) + 64 > limit) break;
    k++;
    // Lines that stand behind one another go together.
    while (k < count) {
      const next = <usize>load<u32>(sel + (<usize>k << 2)) << 2;
      if (<usize>load<u32>(starts + next) != end + 1) break;
      const nextEnd = <usize>load<u32>(ends + next);
      if (at + (nextEnd - start) + 64 > limit) break;
      end = nextEnd;
      k++;
    }
    memory.copy(at, start, end - start);
    at += end - start;
    store<u8>(at++, 10);
  }
  writtenTo = at;
  return k - from;
}

/** The step whose token in the record stands next at or behind p; -1: none. */
function nextInPlace(program: usize, steps: u32, row: usize, p: usize): i32 {
  let best: i32 = -1;
  let least: usize = usize.MAX_VALUE;
  for (let s: u32 = 0; s < steps; s++) {
    const d = program + <usize>s * STEP;
    if (!load<u32>(d, 28) || !load<u8>(<usize>load<u32>(d, 28) + row)) continue;
    const start = <usize>load<u32>(<usize>load<u32>(d, 20) + (row << 2));
    if (start >= p && start < least) {
      least = start;
      best = s;
    }
  }
  return best;
}

function hasToken(d: usize, row: usize): bool {
  return load<u32>(d, 28) != 0 && load<u8>(<usize>load<u32>(d, 28) + row) != 0;
}

function appendFields(program: usize, steps: u32, row: usize, at: usize): usize {
  const r = row << 2;
  for (let s: u32 = 0; s < steps; s++) {
    const d = program + <usize>s * STEP;
    if (hasToken(d, row) || !load<u8>(<usize>load<u32>(d, 16) + row)) continue;
    if (load<u8>(lastVisible(at)) != 123) store<u8>(at++, 44);
    at = copy(at, load<u32>(d), load<u32>(d, 4));
    const start = <usize>load<u32>(<usize>load<u32>(d, 8) + r);
    at = copy(at, start, <usize>load<u32>(<usize>load<u32>(d, 12) + r) - start);
  }
  return at;
}

function lastVisible(at: usize): usize {
  do at--;
  while (load<u8>(at) <= 32);
  return at;
}

/**
 * Rows as their record with fields set: in place where the record has the field, otherwise behind its last one; see writeProjected.
 * Every field must have a token in every row where the record has one of that name (fields that vanish need another way).
 */
export function writeOverlaid(program: usize, steps: u32, starts: usize, ends: usize, sel: usize, from: u32, count: u32, at: usize, limit: usize): u32 {
  let k = from;
  for (; k < count; k++) {
    const row = <usize>load<u32>(sel + (<usize>k << 2));
    let p = <usize>load<u32>(starts + (row << 2));
    const end = <usize>load<u32>(ends + (row << 2));
    if (at + (end - p) + rowBound(program, steps, row) > limit) break;
    for (let s = nextInPlace(program, steps, row, p); s >= 0; s = nextInPlace(program, steps, row, p)) {
      const d = program + <usize>s * STEP;
      const token = <usize>load<u32>(<usize>load<u32>(d, 20) + (row << 2));
      at = copyLong(at, p, token - p);
      const start = <usize>load<u32>(<usize>load<u32>(d, 8) + (row << 2));
      at = copyLong(at, start, <usize>load<u32>(<usize>load<u32>(d, 12) + (row << 2)) - start);
      p = load<u32>(<usize>load<u32>(d, 24) + (row << 2));
    }
    let brace = end - 1;
    while (load<u8>(brace) != 125) brace--;
    at = copyLong(at, p, brace - p);
    at = appendFields(program, steps, row, at);
    at = copyLong(at, brace, end - brace);
    store<u8>(at++, 10);
  }
  writtenTo = at;
  return k - from;
}

function copyLong(to: usize, from: usize, n: usize): usize {
  memory.copy(to, from, n);
  return to + n;
}
