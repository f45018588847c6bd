// in: two files of NDJSON rows, of weir and of a peer
// out: nothing where they hold the same rows, in whatever order; else an error with the first difference
import { readFileSync } from 'node:fs';

const LINE_FEED = 10;

/** `places`: round numbers so, for peers that add decimals as doubles. */
export function compareRows(ours, theirs, { columns, places, name }) {
  const a = canonicalRows(ours, columns, places);
  const b = canonicalRows(theirs, columns, places);
  const at = a.findIndex((row, i) => row !== b[i]);
  if (a.length === b.length && at < 0) return a.length;
  const where = at < 0 ? a.length : at;
  throw new Error(`${name} does not give the same rows: ${a.length} and ${b.length}; the first difference in order:\n  weir   ${a[where]}\n  ${name} ${b[where]}`);
}

function canonicalRows(file, columns, places) {
  return [...lines(readFileSync(file))].map((line) => canonical(JSON.parse(line), columns, places)).sort();
}

function* lines(bytes) {
  for (let from = 0; from < bytes.length; ) {
    const found = bytes.indexOf(LINE_FEED, from);
    const to = found < 0 ? bytes.length : found;
    yield bytes.toString('utf8', from, to);
    from = to + 1;
  }
}

/** A row with its columns in one order, its numbers in one form, and window bounds as ms. */
function canonical(row, columns = Object.keys(row).sort(), places) {
  return columns.map((name) => `${name}=${canonicalValue(name, row[name], places)}`).join(' ');
}

function canonicalValue(name, value, places) {
  if (name === 'window_start' && typeof value === 'string') return Date.parse(value);
  if (typeof value === 'number' && places !== undefined) return Number(value.toFixed(places));
  return JSON.stringify(value);
}
