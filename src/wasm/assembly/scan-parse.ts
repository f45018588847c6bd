// in: a line, or an object within one, of no known layout
// out: the tokens of its fields, or why it is refused; the layout, if it is to be learned
//
// This is the general parser: it says what a record is. Following a layout (scan-layouts.ts) only ever says the same.

import { Byte, Reason, refuse, skipSpace, Type } from './json-bytes';
import { checkString, checkedType, checkValue } from './json-check';
import { skipValue } from './json-skip';
import { addSlot, Field, Follow, Layout } from './layout';
import { findField, Scanner } from './scan-fields';

/** Checks the value at p and notes it as the field's token in row `row`; returns the address behind it. */
// @ts-ignore: decorator
@inline
export function takeValue(field: Field, p: usize, row: usize): usize {
  const end = checkValue(p);
  if (!end) return 0;
  store<u32>(field.start + (row << 2), <u32>p);
  store<u32>(field.end + (row << 2), <u32>end);
  store<u8>(field.type + row, checkedType());
  return end;
}

/** The layout that is being learned, or 0. */
let learning: usize = 0;
/** Where the literal of its next slot begins: behind the last value. */
let literal_start: usize = 0;

function learn(valueAt: usize, follow: Follow, field: usize): void {
  if (learning) addSlot(changetype<Layout>(learning), literal_start, valueAt, follow, field);
}

/** p: at the name of a member; returns the address behind its value. */
function parseMember(scanner: Scanner, p: usize, row: usize): usize {
  if (load<u8>(p) != Byte.quote) return refuse(load<u8>(p) == Byte.newline ? Reason.openObject : Reason.nameExpected);
  const nameEnd = checkString(p + 1);
  if (!nameEnd) return 0;
  const field = findField(scanner, p + 1, nameEnd - 1, checkedType() == Type.escaped);
  p = skipSpace(nameEnd);
  if (load<u8>(p) != Byte.colon) return refuse(Reason.colonExpected);
  p = skipSpace(p + 1);
  learn(p, field ? Follow.field : scanner.whole ? Follow.check : Follow.skip, field);
  if (field) p = takeValue(changetype<Field>(field), p, row);
  else p = scanner.whole ? checkValue(p) : skipValue(p);
  literal_start = p;
  return p;
}

/** p: at the opening brace of an object; returns the address behind the closing one. */
function parseObject(scanner: Scanner, p: usize, row: usize): usize {
  p = skipSpace(p + 1);
  if (load<u8>(p) == Byte.closeObject) return p + 1;
  while (true) {
    p = parseMember(scanner, p, row);
    if (!p) return 0;
    p = skipSpace(p);
    const c = load<u8>(p);
    if (c == Byte.closeObject) return p + 1;
    if (c != Byte.comma) return refuse(c == Byte.newline ? Reason.openObject : Reason.commaOrBraceExpected);
    p = skipSpace(p + 1);
  }
}

/** p: at the start of a line; returns the address of its newline. */
function parseLine(scanner: Scanner, p: usize, row: usize): usize {
  p = skipSpace(p);
  if (load<u8>(p) != Byte.openObject) return refuse(Reason.notObject);
  p = parseObject(scanner, p, row);
  if (!p) return 0;
  p = skipSpace(p);
  return load<u8>(p) == Byte.newline ? p : refuse(Reason.trailing);
}

/** Goes over the line at p (or, within a line, the object) and learns its layout into `layout`, if that is not 0. Returns the address behind it, or 0. */
export function parseRecord(scanner: Scanner, p: usize, row: usize, isLine: bool, layout: usize): usize {
  learning = layout;
  literal_start = p;
  let end = isLine ? parseLine(scanner, p, row) : parseObject(scanner, p, row);
  if (!end) return 0;
  if (isLine) end++;
  learn(end, Follow.end, 0);
  return end;
}
