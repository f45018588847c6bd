// in: nothing
// out: the types of what the WebAssembly module exports; sizes and addresses are bytes, rows are indexes into a batch's columns

/** assembly/heap.ts */
export interface HeapKernels {
  alloc(size: number): number;
  free(at: number, size: number): void;
  allocated(): number;
}

/** assembly/scratch.ts */
export interface ScratchKernels {
  scratchInit(at: number, size: number): void;
  scratchTop(): number;
  scratchSet(at: number): void;
  scratchRoom(): number;
}

/** assembly/keys.ts, table.ts, order.ts: groups by key */
export interface TableKernels {
  tokenBytes(sel: number, count: number, start: number, end: number, type: number): number;
  keyBound(length: number, components: number): number;
  hashKey(at: number, length: number): number;
  encodeKeys(sel: number, count: number, columns: number, components: number, at: number, keyStart: number, keyLength: number, hashes: number): number;
  tableNew(accumulatorBytes: number): number;
  tableClear(table: number): void;
  tableFree(table: number): void;
  tableReserve(table: number, groups: number): void;
  tableCount(table: number): number;
  tableBytes(table: number): number;
  /** -1: no such group */
  tableFind(table: number, key: number, length: number, hash: number): number;
  tableUpsert(table: number, key: number, length: number, hash: number): number;
  assignSlots(sel: number, count: number, tables: number, keyStart: number, keyLength: number, hashes: number, slots: number): void;
  mapSlots(to: number, from: number, map: number): void;
  findSlots(table: number, sel: number, count: number, keyStart: number, keyLength: number, hashes: number, slots: number): void;
  makeSlots(table: number, base: number, from: number, to: number, keyStart: number, keyLength: number, hashes: number, slots: number): void;
  slotKey(table: number, slot: number): number;
  slotKeyLength(table: number, slot: number): number;
  sortSlots(table: number, slots: number): void;
}

/** assembly/frozen.ts: a table that is saved while it goes on changing */
export interface FrozenKernels {
  tableFreeze(table: number): void;
  tableThaw(table: number): void;
  keepImages(sel: number, count: number, tables: number, slots: number): void;
  frozenNext(table: number): number;
  frozenRows(table: number, most: number): number;
  frozenBytes(table: number, n: number): number;
  takeFrozen(table: number, n: number, to: number): void;
  loadPiece(table: number, piece: number, wanted: number): void;
}

/** assembly/accumulate.ts; what returns a number tells how many rows (or slots) it left in `spill` */
export interface AccumulateKernels {
  addCount(sel: number, count: number, tables: number, slots: number, offset: number): void;
  addCountIf(sel: number, count: number, tables: number, slots: number, offset: number, mask: number, except: number): void;
  addSum(sel: number, count: number, tables: number, slots: number, offset: number, mantissa: number, scale: number, kind: number, spill: number): number;
  addExtreme(sel: number, count: number, tables: number, slots: number, offset: number, mantissa: number, scale: number, kind: number, spill: number, greatest: boolean): number;
  mergeCount(to: number, from: number, map: number, offset: number): void;
  mergeSum(to: number, from: number, map: number, offset: number, spill: number): number;
  mergeExtreme(to: number, from: number, map: number, offset: number, greatest: boolean): void;
  accumulatorOf(table: number, slot: number, offset: number): number;
}

/** assembly/emit.ts, print.ts: groups as token columns; they return the address behind the text */
export interface EmitKernels {
  emitKeys(table: number, slots: number, n: number, columns: number, components: number, row: number, at: number): number;
  keyTextBound(table: number, slots: number, n: number): number;
  emitCount(table: number, slots: number, n: number, column: number, row: number, offset: number, at: number): number;
  emitSum(table: number, slots: number, n: number, column: number, row: number, offset: number, at: number): number;
  emitExtreme(table: number, slots: number, n: number, column: number, row: number, offset: number, at: number): number;
  averages(table: number, slots: number, n: number, out: number, row: number, offset: number): void;
  emitSame(column: number, row: number, n: number, start: number, end: number, type: number, value: number): void;
  printDecimal(mantissa: bigint, scale: number, to: number): number;
  printComponent(at: number, to: number): number;
  componentBehind(): number;
  lastType(): number;
}

/** assembly/write.ts; they return how many rows fitted */
export interface WriteKernels {
  writeProjected(program: number, steps: number, sel: number, from: number, count: number, at: number, limit: number): number;
  writeOverlaid(program: number, steps: number, starts: number, ends: number, sel: number, from: number, count: number, at: number, limit: number): number;
  writeRecords(starts: number, ends: number, sel: number, from: number, count: number, at: number, limit: number): number;
  writeEnd(): number;
}

/** assembly/scan.ts, json-walk.ts, json-text.ts: members of records and of objects in them, elements of arrays */
export interface ScanKernels {
  scannerNew(whole: boolean): number;
  scannerFree(scanner: number): void;
  scannerField(scanner: number, name: number, nameLength: number, start: number, end: number, type: number): void;
  scanLines(scanner: number, from: number, end: number, recordStart: number, recordEnd: number, maxRows: number): number;
  scanPosition(): number;
  scanError(): number;
  scanErrorEnd(): number;
  scanSpans(scanner: number, sel: number, count: number, start: number, type: number): void;
  scanElements(sel: number, count: number, start: number, type: number, index: number, outStart: number, outEnd: number, outType: number): void;
  listElements(at: number, from: number, max: number, start: number, end: number, type: number): number;
  listMembers(at: number, from: number, max: number, keyStart: number, keyEnd: number, keyType: number, start: number, end: number, type: number): number;
  walkPosition(): number;
  equalsConstant(sel: number, count: number, start: number, end: number, type: number, text: number, length: number, mask: number): void;
}

/** assembly/number-values.ts, time.ts, time-format.ts: what tokens are worth */
export interface ValueKernels {
  parseNumbers(sel: number, count: number, start: number, end: number, type: number, num: number, rest: number): number;
  parseDecimals(sel: number, count: number, start: number, end: number, type: number, mantissas: number, scales: number, kinds: number): void;
  doublesToDecimals(sel: number, count: number, num: number, mantissas: number, scales: number, kinds: number): void;
  parseTimes(sel: number, count: number, start: number, end: number, type: number, unitExponent: number, times: number, statuses: number): void;
  /** returns the address behind the text */
  formatTime(ms: number, at: number): number;
}

/** assembly/pack.ts: rows on their way to another process */
export interface PackKernels {
  spanBytes(sel: number, count: number, starts: number, ends: number): number;
  packSpans(sel: number, count: number, starts: number, ends: number, to: number): number;
  gatherSpans(sel: number, count: number, starts: number, ends: number, to: number, endsTo: number, used: number): number;
  unpackSpans(from: number, sel: number, count: number, starts: number, ends: number): number;
  packTypes(sel: number, count: number, types: number, to: number): number;
  unpackTypes(from: number, sel: number, count: number, types: number): number;
  insideBytes(sel: number, count: number, starts: number, ends: number): number;
  packInside(sel: number, count: number, starts: number, ends: number, recordStarts: number, recordEnds: number, to: number): number;
  unpackInside(from: number, sel: number, count: number, starts: number, ends: number, recordStarts: number): number;
  clearMissing(sel: number, count: number, starts: number, ends: number, types: number): void;
}

/** assembly/merge.ts: lines of several subtasks in one order */
export interface MergeKernels {
  mergeOrder(parts: number, n: number, choices: number): number;
  mergeCopy(parts: number, n: number, choices: number, total: number, to: number): number;
  lineEnds(at: number, n: number, origin: number, ends: number): void;
  putOrders(table: number, slots: number, n: number, prefix: number, prefixLength: number, row: number, starts: number, ends: number, to: number): number;
}

/** assembly/splice.ts: lines that join two; they return addresses */
export interface SpliceKernels {
  /** 1 or 0 */
  fitsShape(shape: number, at: number, end: number): number;
  splice(program: number, to: number, left: number, leftEnd: number, right: number, rightEnd: number): number;
  keepLine(from: number, length: number): number;
  copyBytes(to: number, from: number, length: number): number;
}

export interface Kernels extends MergeKernels, SpliceKernels, PackKernels, ScanKernels, ValueKernels, HeapKernels, ScratchKernels, TableKernels, FrozenKernels, AccumulateKernels, EmitKernels, WriteKernels {}
