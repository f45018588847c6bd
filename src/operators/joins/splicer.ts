// in: the texts of a left and a right record
// out: the text of the record that joins them

import { encodeBytes } from '../../model/token.ts';
import { listMembers } from '../../scan/members.ts';
import { memory } from '../../wasm/memory.ts';
import { type FlatPlan, type MemberNames, planFlat } from './flat-plan.ts';
import { Shape } from './shape.ts';

/** A record as text, and what a splicer knows of it. */
export interface SplicedText {
  readonly text: string;
  parts: unknown;
}

/** Writes the record of two that are partners, or of one that has none. Texts are JSON, one char a byte. */
export interface Splicer {
  pair(left: SplicedText, right: SplicedText): string;
  /** A right record without a partner. */
  rightAlone(right: SplicedText): string;
  /**
   * What `pair` does with records of these members that are written plainly, where the left one's stay as they are: what the right one's are called
   * behind them, or, as one text, the name under which it becomes a member whole. Undefined: something else.
   */
  plainNames(left: readonly string[], right: readonly string[]): MemberNames | string | undefined;
}

const NEWLINE = 10;
const CLOSE = 125;

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

  pair(left: SplicedText, right: SplicedText): string {
    const { before, after } = (left.parts ??= this.gap(left.text)) as Gap;
    return before + trimmed(right.text) + after;
  }

  rightAlone(right: SplicedText): string {
    return `{${this.key}:${trimmed(right.text)}}`;
  }

  plainNames(left: readonly string[]): string | undefined {
    return left.includes(this.name) ? undefined : this.name;
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

interface LeftParts {
  readonly shape: Shape;
  /** the text without the brace that it ends with, where it has members and ends there: by far the most */
  readonly open: string | undefined;
  /** otherwise */
  readonly gap: Gap | undefined;
}

interface RightParts {
  readonly shape: Shape;
  readonly values: readonly string[];
  /** what was made of it for the left record before this one, mostly the same for all */
  plan: FlatPlan | undefined;
  text: string;
  /** the same behind a comma, with the brace that ends the record */
  tail: string;
}

/** The right record's fields behind those of the left one, with a prefix where the name is taken. */
export class FlatSplicer implements Splicer {
  private readonly shapes = new Map<string, Shape>();
  /** by numbers of the left and the right record's shapes */
  private readonly plans: FlatPlan[][] = [];
  /** the shapes that were met last */
  private lastLeft = new Shape(-1, []);
  private lastRight = new Shape(-1, []);

  /** @param shared fields that are keys under the same name on both sides: they are there already */
  constructor(private readonly shared: ReadonlySet<string>) {}

  pair(left: SplicedText, right: SplicedText): string {
    const to = (left.parts ??= this.leftParts(left.text)) as LeftParts;
    const from = (right.parts ??= this.rightParts(right.text)) as RightParts;
    const plan = this.plans[to.shape.id]?.[from.shape.id] ?? this.plan(to.shape, from.shape);
    if (from.plan !== plan) {
      from.plan = plan;
      from.text = plan.behind.map(({ key, value }) => key + from.values[value]!).join(',');
      from.tail = `,${from.text}}`;
    }
    if (plan.instead.length > 0) return this.replaced(left.text, from);
    if (from.text === '') return left.text;
    return to.open === undefined ? to.gap!.before + from.text + to.gap!.after : to.open + from.tail;
  }

  rightAlone(right: SplicedText): string {
    return right.text;
  }

  plainNames(left: readonly string[], right: readonly string[]): MemberNames | undefined {
    const { behind, instead } = planFlat(left, right, this.shared);
    const made: (string | undefined)[] = right.map(() => undefined);
    for (const { name, value } of behind) made[value] = name;
    // Two fields may want the same name.
    const isPlain = instead.length === 0 && right.every((name, i) => made[i] !== undefined || (this.shared.has(name) && left.includes(name)));
    return isPlain ? made : undefined;
  }

  /** Of duplicate names the last one is set. */
  private replaced(text: string, { plan, values, text: added }: RightParts): string {
    let made = text;
    for (const { name, value } of plan!.instead) {
      const { start, end } = membersOf(made).findLast((member) => member.name === name)!;
      made = made.slice(0, start) + values[value]! + made.slice(end);
    }
    const { before, after } = behind(made);
    return added === '' ? made : before + added + after;
  }

  private leftParts(text: string): LeftParts {
    if (!this.lastLeft.fits(text)) this.lastLeft = this.shape(membersOf(text).map((member) => member.name));
    const shape = this.lastLeft;
    const last = text.length - 1;
    const isPlain = text.charCodeAt(last) === CLOSE && shape.names.length > 0;
    return isPlain ? { shape, open: text.slice(0, last), gap: undefined } : { shape, open: undefined, gap: behind(text) };
  }

  /** Of duplicate names the last value counts, in the place of the first. */
  private rightParts(text: string): RightParts {
    const values: string[] = [];
    if (this.lastRight.fits(text, values)) return { shape: this.lastRight, values, plan: undefined, text: '', tail: '' };
    const members = new Map(membersOf(text).map((member): [string, string] => [member.name, text.slice(member.start, member.end)]));
    this.lastRight = this.shape([...members.keys()]);
    return { shape: this.lastRight, values: [...members.values()], plan: undefined, text: '', tail: '' };
  }

  private shape(names: readonly string[]): Shape {
    const id = names.join('\u0000');
    let shape = this.shapes.get(id);
    if (!shape) this.shapes.set(id, (shape = new Shape(this.shapes.size, names)));
    return shape;
  }

  private plan(left: Shape, right: Shape): FlatPlan {
    const plan = planFlat(left.names, right.names, this.shared);
    (this.plans[left.id] ??= [])[right.id] = plan;
    return plan;
  }
}
