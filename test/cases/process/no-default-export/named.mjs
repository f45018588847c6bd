export function onRecord() {}
