// in: names of members, addresses of columns
// out: a scanner: what it looks for, and the layouts that it has learned

import { alloc, free } from './heap';
import { sameBytes, Type } from './json-bytes';
import { spells } from './json-text';
import { Field, freeLayout, Layout } from './layout';

/** Layouts that a scanner knows at a time. */
export const MAX_LAYOUTS: u32 = 8;
const FIELD_SIZE: u32 = 20;

@unmanaged
export class Scanner {
  fields: u32;
  /** array of Field; all of them are there before the first scan */
  fieldsAt: usize;
  fieldsRoom: u32;
  /** all values are checked whole, not only those of fields */
  whole: bool;
  layouts: u32;
  /** where the next layout is learned into */
  spare: usize;
  misses: u32;
}

/** addresses of the layouts, the last one used first */
const ORDER: u32 = 32;
const SCANNER_SIZE: u32 = ORDER + MAX_LAYOUTS * 4;

/** A scanner without fields. `whole`: it checks the values of all members, not only those of its fields. */
export function scannerNew(whole: bool): usize {
  const at = alloc(SCANNER_SIZE);
  memory.fill(at, 0, SCANNER_SIZE);
  changetype<Scanner>(at).whole = whole;
  return at;
}

/** Looks for members of that name (UTF-8, not escaped; it must stay where it is), too; their tokens go to these columns. Not after the first scan. */
export function scannerField(at: usize, name: usize, nameLength: usize, start: usize, end: usize, type: usize): void {
  const scanner = changetype<Scanner>(at);
  if (scanner.fields == scanner.fieldsRoom) growFields(scanner);
  const field = fieldAt(scanner, scanner.fields++);
  field.name = name;
  field.nameLength = nameLength;
  field.start = start;
  field.end = end;
  field.type = type;
}

/** Gives back what a scanner holds. */
export function scannerFree(at: usize): void {
  const scanner = changetype<Scanner>(at);
  for (let i: u32 = 0; i < scanner.layouts; i++) freeLayout(layoutAt(scanner, i), scanner.fields);
  if (scanner.spare) freeLayout(changetype<Layout>(scanner.spare), scanner.fields);
  if (scanner.fieldsRoom) free(scanner.fieldsAt, scanner.fieldsRoom * FIELD_SIZE);
  free(at, SCANNER_SIZE);
}

function growFields(scanner: Scanner): void {
  const room = max<u32>(8, scanner.fieldsRoom * 2);
  const at = alloc(room * FIELD_SIZE);
  memory.copy(at, scanner.fieldsAt, scanner.fields * FIELD_SIZE);
  if (scanner.fieldsRoom) free(scanner.fieldsAt, scanner.fieldsRoom * FIELD_SIZE);
  scanner.fieldsAt = at;
  scanner.fieldsRoom = room;
}

// @ts-ignore: decorator
@inline
export function fieldAt(scanner: Scanner, i: u32): Field {
  return changetype<Field>(scanner.fieldsAt + i * FIELD_SIZE);
}

/** The field whose name the key [from, to) spells, or 0. */
export function findField(scanner: Scanner, from: usize, to: usize, escaped: bool): usize {
  for (let i: u32 = 0; i < scanner.fields; i++) {
    const field = fieldAt(scanner, i);
    const equal = escaped
      ? spells(from, to, field.name, field.nameLength)
      : field.nameLength == to - from && sameBytes(from, field.name, to - from);
    if (equal) return changetype<usize>(field);
  }
  return 0;
}

/** In row `row` no field is there. */
export function clearFields(scanner: Scanner, row: usize): void {
  for (let i: u32 = 0; i < scanner.fields; i++) store<u8>(fieldAt(scanner, i).type + row, Type.missing);
}

// @ts-ignore: decorator
@inline
export function layoutAt(scanner: Scanner, i: u32): Layout {
  return changetype<Layout>(<usize>load<u32>(changetype<usize>(scanner) + ORDER + (i << 2)));
}

// @ts-ignore: decorator
@inline
export function setLayout(scanner: Scanner, i: u32, layout: Layout): void {
  store<u32>(changetype<usize>(scanner) + ORDER + (i << 2), <u32>changetype<usize>(layout));
}
