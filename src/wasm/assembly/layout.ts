// in: records that the general parser has been over
// out: layouts learned from them: the bytes between the values, which are the same from record to record, and what is wanted of each value
//
// A layout is a run of slots. A slot is a literal (all bytes from the end of one value to the start of the next, white space and
// name included) and what follows it. A record fits iff each literal is there and each value is what its slot wants;
// so a fit says the same as the general parser, which has been over the same literals and goes over values by the same functions.

import { alloc, free } from './heap';

/** What follows a literal: a value to skip, to check, or to check and note; or nothing, the record is over. */
export const enum Follow {
  skip = 0,
  check = 1,
  field = 2,
  end = 3,
}

/** Longer literals are not learned, nor records with more members. */
const MAX_LITERAL: u32 = 96;
const MAX_SLOTS: u32 = 127;

/** A field that is looked for: its name in UTF-8 and the columns that its tokens go to. */
@unmanaged
export class Field {
  name: usize;
  nameLength: usize;
  start: usize;
  end: usize;
  type: usize;
}

/** The literal's bytes and, for those in its first 16, a mask of ones, stand behind this head. */
@unmanaged
class Slot {
  length: usize;
  follow: Follow;
  field: Field;
}

const LITERAL: u32 = 16;
const MASK: u32 = LITERAL + MAX_LITERAL;
const SLOT_SIZE: u32 = MASK + 16;

@unmanaged
export class Layout {
  slots: u32;
  tooLong: bool;
  /** array of addresses: type columns of the fields that such records lack */
  absent: usize;
  absentCount: u32;
}

const FIRST_SLOT: u32 = 16;

const LAYOUT_SIZE: u32 = FIRST_SLOT + MAX_SLOTS * SLOT_SIZE;

/** An empty layout for a scanner of so many fields. */
export function newLayout(fields: u32): Layout {
  const layout = changetype<Layout>(alloc(LAYOUT_SIZE));
  layout.absent = alloc(fields << 2);
  clearLayout(layout);
  return layout;
}

export function freeLayout(layout: Layout, fields: u32): void {
  free(layout.absent, fields << 2);
  free(changetype<usize>(layout), LAYOUT_SIZE);
}

export function clearLayout(layout: Layout): void {
  layout.slots = 0;
  layout.tooLong = false;
  layout.absentCount = 0;
}

/** Appends a slot: the literal [from, to) and what follows it. */
export function addSlot(layout: Layout, from: usize, to: usize, follow: Follow, field: usize): void {
  if (to - from > MAX_LITERAL || layout.slots == MAX_SLOTS) layout.tooLong = true;
  if (layout.tooLong) return;
  const at = changetype<usize>(layout) + FIRST_SLOT + layout.slots++ * SLOT_SIZE;
  const slot = changetype<Slot>(at);
  slot.length = to - from;
  slot.follow = follow;
  slot.field = changetype<Field>(field);
  memory.copy(at + LITERAL, from, slot.length);
  memory.fill(at + MASK, 0, 16);
  memory.fill(at + MASK, 0xff, min<usize>(slot.length, 16));
}

/** Records of this layout have no such field. */
export function addAbsent(layout: Layout, field: Field): void {
  store<u32>(layout.absent + (layout.absentCount++ << 2), <u32>field.type);
}

/** Notes in row `row` that what a layout lacks is missing. */
// @ts-ignore: decorator
@inline
export function clearAbsent(layout: Layout, row: usize): void {
  const n = layout.absentCount;
  for (let i: u32 = 0; i < n; i++) store<u8>(<usize>load<u32>(layout.absent + (i << 2)) + row, 0);
}

// @ts-ignore: decorator
@inline
export function firstSlot(layout: Layout): usize {
  return changetype<usize>(layout) + FIRST_SLOT;
}

// @ts-ignore: decorator
@inline
export function nextSlot(slot: usize): usize {
  return slot + SLOT_SIZE;
}

// @ts-ignore: decorator
@inline
export function literalLength(slot: usize): usize {
  return changetype<Slot>(slot).length;
}

// @ts-ignore: decorator
@inline
export function followOf(slot: usize): Follow {
  return changetype<Slot>(slot).follow;
}

// @ts-ignore: decorator
@inline
export function fieldOf(slot: usize): Field {
  return changetype<Slot>(slot).field;
}

/** Bytes 16 and on of a long literal. */
function tailMatches(slot: usize, p: usize, length: usize): bool {
  for (let i: usize = 16; i < length; i += 16) {
    const from = min<usize>(i, length - 16);
    if (v128.any_true(v128.xor(v128.load(p + from), v128.load(slot + LITERAL + from)))) return false;
  }
  return true;
}

/** Whether the slot's literal stands at p. */
// @ts-ignore: decorator
@inline
export function literalAt(slot: usize, p: usize): bool {
  const difference = v128.xor(v128.load(p), v128.load(slot, LITERAL));
  if (v128.any_true(v128.and(difference, v128.load(slot, MASK)))) return false;
  const length = literalLength(slot);
  return length <= 16 || tailMatches(slot, p, length);
}
