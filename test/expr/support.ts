// in: lines of JSON
// out: a scope and a batch for them, made without the scanner

import { type Arrays, Batch, type Loader } from '../../src/model/batch.ts';
import { type Column, type FieldRef, MAX_ROWS, type Path, type TokenColumn } from '../../src/model/column.ts';
import { encodeBytes, JsonText, Type, unwrap } from '../../src/model/token.ts';
import { compileJson, compilePredicate, compileValue, type ExprScope } from '../../src/expr/compile.ts';
import { parseExpression } from '../../src/expr/parse.ts';

/** Texts of the members (or elements) of a JSON text, as they are written; of other JSON none. The last of equal names wins. */
export function parts(text: string): Map<string | number, string> {
  const found = new Map<string | number, string>();
  const inner = text.trim();
  if (!/^[{[]/.test(inner)) return found;
  let [depth, start, quoted, index] = [0, 1, false, 0];
  for (let i = 1; i < inner.length; i++) {
    const c = inner[i]!;
    if (quoted) {
      if (c === '\\') i++;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if ((c === ',' || i === inner.length - 1) && depth === 0) {
      const piece = inner.slice(start, i).trim();
      const name = inner[0] === '{' ? /^("(?:[^"\\]|\\.)*")\s*:\s*/.exec(piece) : null;
      if (name !== null) found.set(JSON.parse(name[1]!) as string, piece.slice(name[0].length));
      else if (piece !== '') found.set(index++, piece);
      start = i + 1;
    } else if ('{['.includes(c)) depth++;
    else if ('}]'.includes(c)) depth--;
  }
  return found;
}

/** The text of the member at the end of a path; `undefined`: there is none. */
export function member(text: string, path: Path): string | undefined {
  return path.reduce<string | undefined>((at, key) => (at === undefined ? undefined : parts(at).get(key)), text);
}

export function typeOf(text: string | undefined): number {
  if (text === undefined) return Type.missing;
  if (text[0] === '"') return text.includes('\\') ? Type.escaped : Type.string;
  return { t: Type.true, f: Type.false, n: Type.null, '{': Type.object, '[': Type.array }[text[0]!] ?? Type.number;
}

/** Gives each path a register of its own. `kinds` says which top-level fields are value columns; tokens otherwise. */
export class TestScope implements ExprScope {
  readonly paths: Path[] = [];
  readonly kinds: ('token' | 'value')[] = [];

  constructor(
    readonly values: ReadonlySet<string> = new Set(),
    readonly settings = { zone: 'UTC', timestamps: 'iso' as const, timeUnit: 'ms' as const },
  ) {}

  field(path: Path): FieldRef {
    const value = this.values.has(String(path[0]));
    const index = this.register(value ? path.slice(0, 1) : path, value ? 'value' : 'token');
    return { register: { index, kind: value ? 'value' : 'token' }, rest: value ? path.slice(1) : [] };
  }

  record(): FieldRef {
    return { register: { index: this.register([], 'value'), kind: 'value' }, rest: [] };
  }

  names(): string[] {
    return this.paths.map((path) => String(path[0]));
  }

  private register(path: Path, kind: 'token' | 'value'): number {
    const known = this.paths.findIndex((each, i) => this.kinds[i] === kind && JSON.stringify(each) === JSON.stringify(path));
    if (known >= 0) return known;
    this.kinds.push(kind);
    return this.paths.push(path) - 1;
  }
}

function tokenColumn(): TokenColumn {
  return {
    kind: 'token',
    start: new Uint32Array(MAX_ROWS),
    end: new Uint32Array(MAX_ROWS),
    type: new Uint8Array(MAX_ROWS),
    num: new Float64Array(MAX_ROWS),
    parsed: false,
    at: { start: 0, end: 0, type: 0, num: 0 },
  };
}

/** A batch of these lines for the registers of the scope. Event time of row r is 1000 · (r + 1), the watermark before it 1000 · r + 999. */
export function batchOf(lines: readonly string[], scope: TestScope): Batch {
  const memory = Buffer.alloc(lines.join('').length * 4 * (scope.paths.length + 2) + 64);
  const arrays: Arrays = {
    memory,
    u32: (length) => ({ view: new Uint32Array(length), at: 0 }),
    f64: (length) => ({ view: new Float64Array(length), at: 0 }),
  };
  const loader: Loader = { begin: () => {}, locate: () => {}, load: () => {} };
  const batch = new Batch(arrays, loader);
  let at = 8;
  const write = (column: TokenColumn, row: number, text: string | undefined) => {
    column.type[row] = typeOf(text);
    column.start[row] = at;
    at += memory.write(text ?? '', at, 'utf8');
    column.end[row] = at;
    if (column.type[row] === Type.number) column.num[row] = Number(text);
  };
  batch.columns = scope.paths.map((path, i): Column => {
    if (scope.kinds[i] === 'token') {
      const column = tokenColumn();
      for (const [row, line] of lines.entries()) write(column, row, member(line, path));
      return column;
    }
    const texts = lines.map((line) => member(line, path));
    return { kind: 'value', values: texts.map((text) => (text === undefined ? undefined : new JsonText(encodeBytes(text)))) };
  });
  batch.rows = lines.length;
  batch.selectAll();
  lines.forEach((_, r) => {
    batch.time[r] = 1000 * (r + 1);
    batch.watermark[r] = 1000 * r + 999;
  });
  return batch;
}

/** The expression's value for each line. */
export function values(text: string, lines: readonly string[], scope = new TestScope()): unknown[] {
  const compiled = compileValue(parseExpression(text), scope);
  const into = new Array<unknown>(lines.length).fill('untouched');
  compiled.evaluate(batchOf(lines, scope), into);
  return into;
}

/** The expression's value for one line. */
export function value(text: string, line = '{}', scope = new TestScope()): unknown {
  return values(text, [line], scope)[0];
}

/** The rows that a filter keeps. */
export function kept(text: string, lines: readonly string[], scope = new TestScope()): number[] {
  const compiled = compilePredicate(parseExpression(text), scope);
  const batch = batchOf(lines, scope);
  compiled.narrow(batch);
  return [...batch.sel.subarray(0, batch.count)];
}

/** The value as it would be printed, with its literal. */
export function printed(text: string, line = '{}', scope = new TestScope()): string | undefined {
  const compiled = compileJson(parseExpression(text), scope);
  const into: unknown[] = [];
  compiled.evaluate(batchOf([line], scope), into);
  return print(into[0]);
}

export function print(value: unknown): string | undefined {
  return value instanceof JsonText ? Buffer.from(value.bytes, 'latin1').toString('utf8') : JSON.stringify(unwrap(value));
}
