// in: rows of CSV (RFC 4180) or TSV, the first of which names the columns
// out: an object per row; an empty cell is null, a JSON number is a number, anything else a string, quoted or not

import { jsonString, jsonValue, type LineFormat, Malformed } from './line.ts';

const TAB_ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '\\': '\\' };

export function delimited(kind: 'csv' | 'tsv'): LineFormat {
  return new Delimited(kind);
}

class Delimited implements LineFormat {
  readonly encoding = 'latin1';
  header: string | undefined;
  readonly isOpen?: (line: string) => boolean;
  private keys: string[] | undefined;
  private quotesOpen = false;
  private restarted = false;
  private readonly split: (line: string) => string[];

  constructor(kind: 'csv' | 'tsv') {
    this.split = kind === 'csv' ? splitCsv : splitTsv;
    if (kind === 'csv') this.isOpen = (line) => (this.quotesOpen = endsInQuotes(line, this.quotesOpen));
  }

  parse(line: string): string | undefined {
    if (line === '' && this.keys?.length !== 1) return undefined;
    if (this.restarted && this.repeatsHeader(line)) return undefined;
    const cells = this.split(line);
    if (this.keys) return objectOf(this.keys, cells);
    this.keys = keysOf(cells);
    this.header = line;
    return undefined;
  }

  restart(): void {
    this.restarted = true;
    this.quotesOpen = false;
  }

  private repeatsHeader(line: string): boolean {
    this.restarted = false;
    return line === this.header;
  }
}

/** `{"a":` and `,"b":`, so that a row only has to put its values between them. */
function keysOf(names: readonly string[]): string[] {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Malformed(`the header names '${twice}' twice`);
  return names.map((name, i) => `${i === 0 ? '{' : ','}${jsonString(name)}:`);
}

function objectOf(keys: readonly string[], cells: readonly string[]): string {
  if (cells.length !== keys.length) throw new Malformed(`the row has ${cells.length} cells, the header ${keys.length}`);
  let json = '';
  for (let i = 0; i < keys.length; i++) json += keys[i]! + (cells[i] === '' ? 'null' : jsonValue(cells[i]!));
  return `${json}}`;
}

function splitTsv(line: string): string[] {
  const cells = line.split('\t');
  return line.includes('\\') ? cells.map((cell) => cell.replace(/\\([tnr\\])/g, (_, c: string) => TAB_ESCAPES[c]!)) : cells;
}

function splitCsv(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  const cells: string[] = [];
  for (let at = 0; at <= line.length; ) {
    const cell = line[at] === '"' ? quotedCell(line, at) : bareCell(line, at);
    cells.push(cell.value);
    at = cell.end + 1;
  }
  return cells;
}

interface Cell {
  readonly value: string;
  /** where its comma is, or the end of the line */
  readonly end: number;
}

function quotedCell(line: string, start: number): Cell {
  let close = line.indexOf('"', start + 1);
  while (close >= 0 && line[close + 1] === '"') close = line.indexOf('"', close + 2);
  const end = close + 1;
  if (close < 0) throw new Malformed('a quote is not closed');
  if (end < line.length && line[end] !== ',') throw new Malformed(`'${line[end]}' behind a closing quote`);
  return { value: line.slice(start + 1, close).replaceAll('""', '"'), end };
}

function bareCell(line: string, start: number): Cell {
  const comma = line.indexOf(',', start);
  const end = comma < 0 ? line.length : comma;
  const value = line.slice(start, end);
  if (value.includes('"')) throw new Malformed('a quote within a cell that does not start with one');
  return { value, end };
}

/** Whether the line ends within a quoted cell. @param open whether it starts within one */
function endsInQuotes(line: string, open: boolean): boolean {
  if (!open && !line.includes('"')) return false;
  for (let at = 0; ; ) {
    if (open) {
      const close = line.indexOf('"', at);
      if (close < 0) return true;
      at = close + 1;
      if (line[at] === '"') at++;
      else open = false;
    } else {
      // At the start of a cell, or behind a closing quote, where the next cell is what counts.
      const comma = line[at] === '"' && (at === 0 || line[at - 1] === ',') ? at : line.indexOf(',', at);
      if (comma < 0) return false;
      open = line[comma] === '"';
      at = comma + 1;
    }
  }
}
