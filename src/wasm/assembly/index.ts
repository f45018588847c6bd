// in: the kernels, a file a subject
// out: what the module exports

export * from './heap';
export * from './scratch';
export { encodeKeys, hashKey, keyBound, tokenBytes } from './keys';
export { assignSlots, findSlots, makeSlots, mapSlots, slotKey, slotKeyLength, tableBytes, tableClear, tableCount, tableFind, tableFree, tableNew, tableReserve, tableUpsert } from './table';
export * from './frozen';
export { sortSlots } from './order';
export * from './accumulate';
export * from './emit';
export { componentBehind, lastType, printComponent, putDecimal as printDecimal } from './print';
export * from './write';
export { scannerField, scannerFree, scannerNew } from './scan-fields';
export { scanError, scanErrorEnd, scanLines, scanPosition, scanSpans } from './scan';
export { listElements, listMembers, scanElements, walkPosition } from './json-walk';
export { equalsConstant } from './json-text';
export { doublesToDecimals, parseDecimals, parseNumbers } from './number-values';
export * from './merge';
export * from './splice';
export * from './pack';
export { parseTimes } from './time';
export { formatTime } from './time-format';
