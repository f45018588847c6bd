// in: a record
// out: its tokens, by one of the layouts that its scanner has learned; or by the general parser, and its layout is learned
//
// The layout used last is tried first. A stream has few of them, most of the time.

import { Type } from './json-bytes';
import { checkValue } from './json-check';
import { skipValue } from './json-skip';
import { addAbsent, clearAbsent, clearLayout, fieldOf, firstSlot, Follow, followOf, Layout, literalAt, literalLength, newLayout, nextSlot } from './layout';
import { clearFields, fieldAt, layoutAt, MAX_LAYOUTS, Scanner, setLayout } from './scan-fields';
import { parseRecord, takeValue } from './scan-parse';

/** Once all layouts are taken, one record in so many that fit none of them is learned in place of the layout used longest ago. */
const LEARN_EVERY: u32 = 16;

/** Whether the record at hand is to be learned; makes `spare` ready for it. */
function mayLearn(scanner: Scanner): bool {
  scanner.misses++;
  if (scanner.layouts == MAX_LAYOUTS && scanner.misses % LEARN_EVERY) return false;
  if (!scanner.spare) scanner.spare = changetype<usize>(newLayout(scanner.fields));
  clearLayout(changetype<Layout>(scanner.spare));
  return true;
}

/** The layout just learned goes to the front; where all places are taken, the last one becomes the spare. */
function keepLayout(scanner: Scanner, layout: Layout, row: usize): void {
  if (layout.tooLong) return;
  for (let i: u32 = 0; i < scanner.fields; i++) {
    const field = fieldAt(scanner, i);
    if (load<u8>(field.type + row) == Type.missing) addAbsent(layout, field);
  }
  if (scanner.layouts == MAX_LAYOUTS) scanner.spare = changetype<usize>(layoutAt(scanner, MAX_LAYOUTS - 1));
  else {
    scanner.spare = 0;
    scanner.layouts++;
  }
  moveToFront(scanner, layout, scanner.layouts - 1);
}

/** Puts `layout` first; those before place i move back by one. */
function moveToFront(scanner: Scanner, layout: Layout, i: u32): void {
  for (; i > 0; i--) setLayout(scanner, i, layoutAt(scanner, i - 1));
  setLayout(scanner, 0, layout);
}

/** Goes over the record at p as this layout says; returns the address behind it, or 0 where it is not of this layout. */
function follow(layout: Layout, p: usize, row: usize): usize {
  let slot = firstSlot(layout);
  while (true) {
    if (!literalAt(slot, p)) return 0;
    p += literalLength(slot);
    const what = followOf(slot);
    if (what == Follow.skip) p = skipValue(p);
    else if (what == Follow.field) p = takeValue(fieldOf(slot), p, row);
    else if (what == Follow.check) p = checkValue(p);
    else break;
    if (!p) return 0;
    slot = nextSlot(slot);
  }
  clearAbsent(layout, row);
  return p;
}

/** Tries the other layouts. */
function followOther(scanner: Scanner, p: usize, row: usize): usize {
  for (let i: u32 = 1; i < scanner.layouts; i++) {
    const layout = layoutAt(scanner, i);
    const end = follow(layout, p, row);
    if (!end) continue;
    moveToFront(scanner, layout, i);
    return end;
  }
  return 0;
}

/** The address behind the record at p if a layout fits it, else 0. */
// @ts-ignore: decorator
@inline
export function followAny(scanner: Scanner, p: usize, row: usize): usize {
  if (!scanner.layouts) return 0;
  const end = follow(layoutAt(scanner, 0), p, row);
  return end ? end : followOther(scanner, p, row);
}

/** Goes over the record at p without layouts, and learns its own if it is time to. Returns the address behind it, or 0 where it is refused. */
export function parseSlowly(scanner: Scanner, p: usize, row: usize, isLine: bool): usize {
  clearFields(scanner, row);
  const layout = mayLearn(scanner) ? scanner.spare : 0;
  const end = parseRecord(scanner, p, row, isLine, layout);
  if (end && layout) keepLayout(scanner, changetype<Layout>(layout), row);
  return end;
}
