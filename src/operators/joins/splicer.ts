// in: the texts of a left and a right record
// out: the text of the record that joins them

import { encodeBytes } from '../../model/token.ts';
import { listMembers } from '../../scan/members.ts';
import { memory } from '../../wasm/memory.ts';
import type { Row } from './row.ts';

/** Writes the record of two that are partners, or of one that has none. Texts are JSON, one char a byte. */
export interface Splicer {
  pair(left: Row, right: Row): string;
  /** A right record without a partner. */
  rightAlone(right: Row): string;
}

const NEWLINE = 10;

interface TextMember {
  readonly name: string;
  /** places in the text */
  readonly start: number;
  readonly end: number;
}

/** Members of a record's text, in its order, duplicates included. */
function membersOf(text: string): TextMember[] {
  const m = memory();
  const { kernels } = m;
  const at = kernels.scratchTop();
  m.needScratch(at, text.length + 64);
  const end = m.put(text, at);
  m.memory[end] = NEWLINE;
  kernels.scratchSet(end + 64);
  const members = listMembers(at, end).map(({ name, valueStart, valueEnd }) => ({ name, start: valueStart - at, end: valueEnd - at }));
  kernels.scratchSet(at);
  return members;
}

/** A text to put something in: what stands before it and what stands behind it. */
interface Gap {
  readonly before: string;
  readonly after: string;
}

/** The place behind the last member. */
function behind(text: string): Gap {
  const brace = text.lastIndexOf('}');
  const body = text.slice(0, brace);
  const isEmpty = brace < 16 && body.trimEnd().endsWith('{');
  return { before: isEmpty ? body : `${body},`, after: text.slice(brace) };
}

/** Record texts start with a brace, but for white space around them. */
function trimmed(text: string): string {
  return text.charCodeAt(0) === 123 && text.charCodeAt(text.length - 1) === 125 ? text : text.trim();
}

/** The right record as one field of the left one, in the place of a field of that name. */
export class NestingSplicer implements Splicer {
  private readonly key: string;

  constructor(private readonly name: string) {
    this.key = encodeBytes(JSON.stringify(name));
  }

  pair(left: Row, right: Row): string {
    const { before, after } = (left.parts ??= this.gap(left.text)) as Gap;
    return before + trimmed(right.text) + after;
  }

  rightAlone(right: Row): string {
    return `{${this.key}:${trimmed(right.text)}}`;
  }

  private gap(text: string): Gap {
    // A name can be spelled with escapes.
    if (text.includes(this.key) || text.includes('\\')) {
      const found = membersOf(text).findLast((member) => member.name === this.name);
      if (found) return { before: text.slice(0, found.start), after: text.slice(found.end) };
    }
    const { before, after } = behind(text);
    return { before: `${before}${this.key}:`, after };
  }
}

/** The names of a record, told apart by number. */
interface Shape {
  readonly id: number;
  readonly names: readonly string[];
  /** by number of the other record's shape: what becomes of the right one's fields */
  readonly keys: Map<number, readonly (string | undefined)[]>;
}

interface LeftParts extends Gap {
  readonly shape: Shape;
}

interface RightParts {
  readonly shape: Shape;
  readonly values: readonly string[];
  /** what was made of it for the left record before this one, mostly the same for all */
  keys: readonly (string | undefined)[] | undefined;
  text: string;
}

/** The right record's fields behind those of the left one, with a prefix where the name is taken. */
export class FlatSplicer implements Splicer {
  private readonly shapes = new Map<string, Shape>();

  /** @param shared fields that are keys under the same name on both sides: they are there already */
  constructor(private readonly shared: ReadonlySet<string>) {}

  pair(left: Row, right: Row): string {
    const to = (left.parts ??= this.leftParts(left.text)) as LeftParts;
    const from = (right.parts ??= this.rightParts(right.text)) as RightParts;
    const keys = to.shape.keys.get(from.shape.id) ?? this.keys(to.shape, from.shape);
    if (from.keys !== keys) {
      from.keys = keys;
      from.text = keys.flatMap((key, i) => (key === undefined ? [] : [key + from.values[i]!])).join(',');
    }
    return from.text === '' ? left.text : to.before + from.text + to.after;
  }

  rightAlone(right: Row): string {
    return right.text;
  }

  private leftParts(text: string): LeftParts {
    return { ...behind(text), shape: this.shape(membersOf(text).map((member) => member.name)) };
  }

  /** Of duplicate names the last value counts, in the place of the first. */
  private rightParts(text: string): RightParts {
    const values = new Map(membersOf(text).map((member): [string, string] => [member.name, text.slice(member.start, member.end)]));
    return { shape: this.shape([...values.keys()]), values: [...values.values()], keys: undefined, text: '' };
  }

  private shape(names: readonly string[]): Shape {
    const id = names.join('\u0000');
    let shape = this.shapes.get(id);
    if (!shape) this.shapes.set(id, (shape = { id: this.shapes.size, names, keys: new Map() }));
    return shape;
  }

  /** Names of the right record's fields in the joined one; undefined: left out. */
  private keys(left: Shape, right: Shape): readonly (string | undefined)[] {
    const taken = new Set(left.names);
    const keys = right.names.map((name) => {
      if (this.shared.has(name) && taken.has(name)) return undefined;
      let own = name;
      while (taken.has(own)) own = `right_${own}`;
      taken.add(own);
      return `${encodeBytes(JSON.stringify(own))}:`;
    });
    left.keys.set(right.id, keys);
    return keys;
  }
}
