// in: names of keys, window bounds and outputs, and fields of the row where there is one
// out: pieces of code that read them where a group's results are finished

import type { Path } from '../../model/column.ts';
import type { Parameters } from '../parameters.ts';
import type { Piece, Source } from '../source.ts';

/** What a group's keys are called, and which of them are times of weir's own. */
export interface GroupKeys {
  readonly names: readonly string[];
  readonly times: readonly string[];
}

const WINDOW = { window_start: 'windowStart', window_end: 'windowEnd' };

/** Reads names from variables of the generated function `finish`. */
export class ResultFields implements Source {
  private readonly variables = new Map<string, string>();
  private readonly currents = new Map<string, string>();
  /** variables that hold times of weir's own, which may be texts */
  private readonly times = new Set<string>();
  private parameters: Parameters | undefined;

  constructor(keys: GroupKeys, windowed: boolean) {
    for (const [i, name] of keys.names.entries()) this.output(name, `keys[${i}]`, keys.times.includes(name));
    if (windowed) for (const [name, code] of Object.entries(WINDOW)) this.variables.set(name, code);
  }

  bind(parameters: Parameters): this {
    this.parameters = parameters;
    return this;
  }

  has(path: Path): boolean {
    return this.variables.has(String(path[0]));
  }

  names(): Iterable<string> {
    return this.variables.keys();
  }

  /** From here on the name is that of an output. */
  output(name: string, code: string, isTime: boolean): void {
    this.variables.set(name, code);
    if (isTime) this.times.add(code);
  }

  /** The path is a field of the row; the result of that call holds it. */
  current(path: Path, index: number, isTime: boolean): void {
    const code = `results[${index}]`;
    this.currents.set(JSON.stringify(path), code);
    if (isTime) this.times.add(code);
  }

  value(path: Path): Piece {
    const { code, rest } = this.variable(path);
    const plain = `${this.parameters!.helper(this.times.has(code) ? 'ownTime' : 'plain')}(${code})`;
    return { code: rest.reduce<string>((inner, key) => `${this.parameters!.helper('get')}(${inner}, ${JSON.stringify(key)})`, plain), kind: 'any' };
  }

  number(path: Path, convert: string): string {
    return `${convert}(${this.value(path).code})`;
  }

  json(path: Path): string {
    const { code, rest } = this.variable(path);
    return rest.length === 0 ? code : this.value(path).code;
  }

  exact(path: Path): string {
    return this.json(path);
  }

  isNull(path: Path): string {
    return `(${this.value(path).code} == null)`;
  }

  equals(): undefined {
    return undefined;
  }

  startsWith(): undefined {
    return undefined;
  }

  eventTime(): undefined {
    return undefined;
  }

  watermark(): undefined {
    return undefined;
  }

  private variable(path: Path): { code: string; rest: Path } {
    const named = this.variables.get(String(path[0]));
    if (named !== undefined) return { code: named, rest: path.slice(1) };
    return { code: this.currents.get(JSON.stringify(path))!, rest: [] };
  }
}
