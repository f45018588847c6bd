// in: nothing
// out: what a format does with a line, and JSON text of what it finds in it

/** Turns lines to JSON, in order. May remember lines before, such as a header. */
export interface LineFormat {
  /** how lines are handed over: as one character a byte (fast, and bytes pass as they are), or as text */
  readonly encoding: 'latin1' | 'utf8';
  /** A JSON object; undefined: the line is no record. Throws Malformed. */
  parse(line: string): string | undefined;
  /** Whether a record goes on behind this line of it. Called once for each line, before `parse` gets them all. */
  isOpen?(line: string): boolean;
  /** The file was emptied and is written anew: its next line may be a header again, or not. */
  restart?(): void;
  /** The line that the format learnt the columns from, if there is such a line; `parse` of it makes a fresh format go on in mid-file. */
  readonly header?: string | undefined;
}

/** A line that the format does not fit. */
export class Malformed extends Error {}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const SPECIAL = /["\\\u0000-\u001f]/;

/** A number keeps its literal (1.10); what is no JSON number (007) is a string. */
export function jsonValue(text: string): string {
  const first = text.charCodeAt(0);
  const numeric = (first >= 48 && first <= 57) || first === 45;
  return numeric && NUMBER.test(text) ? text : jsonString(text);
}

export function jsonString(text: string): string {
  return SPECIAL.test(text) ? JSON.stringify(text) : `"${text}"`;
}
