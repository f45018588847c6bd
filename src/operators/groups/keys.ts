// in: the selected rows of a batch
// out: the bytes of their keys, which are equal iff the keys are, and whose order is the order of keys

import { barePath, type Expr } from '../../expr/ast.ts';
import { canonicalJson } from '../../expr/canonical.ts';
import type { GroupKeys } from '../../expr/aggregates/results.ts';
import { compileJson } from '../../expr/compile.ts';
import { isOwnTime } from '../../expr/own-time.ts';
import { parseKeys } from '../../expr/parse.ts';
import type { Batch } from '../../model/batch.ts';
import { MAX_ROWS, type Scope, type TokenColumn } from '../../model/column.ts';
import type { Distribution, Partitioner } from '../../model/stage.ts';
import { encodeBytes, JsonText, Type } from '../../model/token.ts';
import { memory } from '../../wasm/memory.ts';
import { putValue, tokenize } from '../../wasm/tokenize.ts';

/** One component of a key: tokens of the record, or values of an expression. */
type Component = { register: number } | { reads: readonly number[]; evaluate(batch: Batch, values: unknown[]): void };

/** What KEYS say, compiled. */
export interface KeyPlan extends GroupKeys {
  readonly components: readonly Component[];
}

/** KEYS of `--by` (undefined: one key for all records). Throws TextError. */
export function planKeys(text: string | undefined, scope: Scope): KeyPlan {
  const keys = text === undefined ? [] : parseKeys(text);
  const times = keys.filter((key) => isOwnTime(barePath(key), scope)).map((key) => key.name);
  return { ...planExpressions(keys, scope), names: keys.map((k) => k.name), times };
}

/** Expressions whose values are to be compared in key order. */
export function planExpressions(exprs: readonly Expr[], scope: Scope): KeyPlan {
  const components = exprs.map((expr): Component => {
    const path = barePath(expr);
    const ref = path && path.length > 0 ? scope.field(path) : undefined;
    return ref?.register.kind === 'token' && ref.rest.length === 0 ? { register: ref.register.index } : compileJson(expr, scope);
  });
  return { names: [], times: [], components };
}

/** Records of one key go to one subtask; without keys all records do. */
export function byKeys(plan: KeyPlan, steps?: (watermark: number) => number): Distribution {
  if (plan.names.length === 0) return { kind: 'single', steps };
  return { kind: 'hash', keys: plan.names, steps, partitioner: () => new Keys(plan) };
}

const COMPONENT_BYTES = 12;

/** Keys of a batch at a time. */
export class Keys implements Partitioner {
  /** by row: address and length of its key's bytes, and their hash */
  readonly start: { view: Uint32Array; at: number };
  readonly length: { view: Uint32Array; at: number };
  readonly hash: { view: Uint32Array; at: number };
  private readonly columns: number;
  /** the tokens of the batch at hand, by component */
  private readonly used: TokenColumn[] = [];
  private readonly made: readonly { tokens: TokenColumn; values: unknown[] }[];

  constructor(private readonly plan: KeyPlan) {
    const m = memory();
    [this.start, this.length, this.hash] = [m.u32(MAX_ROWS), m.u32(MAX_ROWS), m.u32(MAX_ROWS)];
    this.columns = m.alloc(Math.max(1, plan.components.length) * COMPONENT_BYTES);
    this.made = plan.components.map(() => ({ tokens: m.tokens(), values: new Array(MAX_ROWS) }));
  }

  /** Encodes the selected rows' keys at the top of the scratch stack; whoever asks gives the stack back. */
  encode(batch: Batch): void {
    const m = memory();
    const { kernels } = m;
    let bytes = 0;
    const words = new Uint32Array(m.buffer, this.columns, this.plan.components.length * 3);
    this.plan.components.forEach((component, i) => {
      const tokens = (this.used[i] = this.tokens(batch, component, i));
      words.set([tokens.at.start, tokens.at.end, tokens.at.type], i * 3);
      bytes += kernels.tokenBytes(batch.at.sel, batch.count, tokens.at.start, tokens.at.end, tokens.at.type);
    });
    const at = kernels.scratchTop();
    m.needScratch(at, bytes * 2 + batch.count * (this.plan.components.length + 1) * 16);
    const end = kernels.encodeKeys(batch.at.sel, batch.count, this.columns, this.plan.components.length, at, this.start.at, this.length.at, this.hash.at);
    kernels.scratchSet(end);
  }

  hashes(batch: Batch): Uint32Array {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    this.encode(batch);
    kernels.scratchSet(mark);
    return this.hash.view;
  }

  /** Whether a component of a row's key is null or missing. */
  hasNull(row: number): boolean {
    for (let i = 0; i < this.used.length; i++) {
      const type = this.used[i]!.type[row]!;
      if (type === Type.missing || type === Type.null) return true;
    }
    return false;
  }

  /** A row's key as a string of its bytes, for maps. */
  text(row: number): string {
    const start = this.start.view[row]!;
    return memory().memory.latin1Slice(start, start + this.length.view[row]!);
  }

  private tokens(batch: Batch, component: Component, i: number): TokenColumn {
    const made = this.made[i]!;
    if ('register' in component) {
      batch.locate([component.register]);
      const column = batch.columns[component.register] as TokenColumn;
      return hasNested(batch, column) ? this.canonical(batch, column, made.tokens) : column;
    }
    component.evaluate(batch, made.values);
    for (let k = 0; k < batch.count; k++) {
      const value = made.values[batch.sel[k]!];
      if (typeof value === 'object' && value !== null) made.values[batch.sel[k]!] = canonicalValue(value);
    }
    tokenize(batch, made.values, made.tokens);
    return made.tokens;
  }

  /** The same tokens, objects and arrays among them as canonical JSON. */
  private canonical(batch: Batch, from: TokenColumn, to: TokenColumn): TokenColumn {
    const m = memory();
    let at = m.kernels.scratchTop();
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      to.start[row] = from.start[row]!;
      to.end[row] = from.end[row]!;
      const type = (to.type[row] = from.type[row]!);
      if (type === Type.object || type === Type.array) {
        const text = m.memory.latin1Slice(from.start[row]!, from.end[row]!);
        at = putValue(m, to, row, canonicalValue(new JsonText(text)), at);
      }
    }
    m.kernels.scratchSet(at);
    return to;
  }
}

function hasNested(batch: Batch, { type }: TokenColumn): boolean {
  for (let k = 0; k < batch.count; k++) {
    const t = type[batch.sel[k]!]!;
    if (t === Type.object || t === Type.array) return true;
  }
  return false;
}

/** Values that print alike are one key: objects by canonical JSON. */
function canonicalValue(value: object): JsonText {
  return new JsonText(encodeBytes(canonicalJson(value)));
}
