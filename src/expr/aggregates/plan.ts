// in: AGGS, such as `n = count(), rate = count_if(status >= 500) / n`
// out: the aggregate calls in it, and a function from their results to the output's values

import type { Path } from '../../model/column.ts';
import { TextError } from '../../model/errors.ts';
import type { AnyNode, NamedExpr } from '../ast.ts';
import type { ExprScope } from '../compile.ts';
import { Generator } from '../generate.ts';
import { Parameters } from '../parameters.ts';
import { parseNamed } from '../parse.ts';
import { suggest } from '../../model/suggest.ts';
import { structure, walk } from '../walk.ts';
import { type AggregateCall, aggregateParts, compileCall, currentCall } from './call.ts';
import { type GroupKeys, ResultFields } from './results.ts';

export interface AggregateOptions {
  /** the group's keys, which expressions may use */
  readonly keys?: GroupKeys;
  /** groups are of windows: expressions may use `window_start` and `window_end`, in ms */
  readonly windowed?: boolean;
  /** each row is a result: expressions may use its own fields, `lag` and `row_number` */
  readonly over?: boolean;
}

export interface AggregatePlan {
  /** of the output's fields, in order */
  readonly names: readonly string[];
  readonly calls: readonly AggregateCall[];
  /** for each output that is nothing but a call, the call's index; -1 for expressions over calls */
  readonly direct: readonly number[];
  /** names of outputs that are times of weir's own */
  readonly times: readonly string[];
  /** by call: how many values it left out because they are no numbers */
  readonly skipped: number[];
  /**
   * The output's values (JavaScript values or JsonText) from the results of the calls, the values of the keys, and the window's bounds
   * in ms (NaN where there is none).
   */
  finish(results: readonly unknown[], keys: readonly unknown[], windowStart: number, windowEnd: number): unknown[];
}

/** Checks and compiles AGGS. Throws TextError. */
export function compileAggregates(text: string, scope: ExprScope, options: AggregateOptions = {}): AggregatePlan {
  const items = parseNamed(text, { aggregates: true, over: options.over });
  const collector = new Collector(text, scope, options);
  for (const item of items) collector.take(item);
  const finish = collector.finish(items);
  return {
    names: items.map((item) => item.name),
    calls: collector.calls,
    direct: items.map((item) => collector.direct(item)),
    times: items.filter((item) => collector.isTime(item)).map((item) => item.name),
    skipped: collector.skipped,
    finish: (...args) => finish()(...args),
  };
}

type Finish = AggregatePlan['finish'];

class Collector {
  readonly calls: AggregateCall[] = [];
  readonly skipped: number[] = [];
  /** indexes of calls by their structure, and by the nodes that are such calls */
  private readonly known = new Map<string, number>();
  private readonly indexes = new Map<AnyNode, number>();
  private readonly fields: ResultFields;
  private readonly outputs = new Set<string>();

  constructor(
    private readonly text: string,
    private readonly scope: ExprScope,
    private readonly options: AggregateOptions,
  ) {
    this.fields = new ResultFields(options.keys ?? { names: [], times: [] }, options.windowed === true);
  }

  /** Finds the calls of one item, and checks the names that it uses. */
  take(item: NamedExpr): void {
    this.checkName(item);
    walk(item.node, {
      call: (node) => this.call(node),
      field: (node, path) => this.field(node, path),
    });
    this.outputs.add(item.name);
  }

  private checkName({ name, node }: NamedExpr): void {
    const taken = this.outputs.has(name) ? 'two outputs are' : this.fields.has([name]) ? 'a key or a bound of the window is' : undefined;
    if (taken !== undefined) throw new TextError(`${taken} called '${name}'`, this.text, node.start, node.end, "give this one another name: 'name = …'");
  }

  private call(node: AnyNode): boolean {
    const parts = aggregateParts(node);
    if (parts === undefined) return false;
    this.indexes.set(node, this.index(structure(node), (skip) => compileCall(this.text, parts, this.scope, skip)));
    return true;
  }

  private field(node: AnyNode, path: Path): void {
    if (this.outputs.has(String(path[0])) || this.fields.has(path)) return;
    if (!this.options.over) throw this.unknown(node, path);
    const index = this.index(structure(node), () => currentCall({ text: this.text, node: node as NamedExpr['node'] }, this.scope));
    this.fields.current(path, index, this.calls[index]!.isTime);
  }

  private index(id: string, make: (skip: () => void) => AggregateCall): number {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const index = this.calls.length;
    this.known.set(id, index);
    this.skipped.push(0);
    this.calls.push(make(() => this.skipped[index]!++));
    return index;
  }

  private unknown(node: AnyNode, path: Path): TextError {
    const name = path.length === 0 ? '$' : String(path[0]);
    const source = this.text.slice(node.start, node.end);
    const near = suggest(name, [...this.outputs, ...this.fields.names()]);
    const wrap = `take one of them, such as 'first(${source})', or group '--by' it`;
    return new TextError(
      `'${source}' is a field of each record, and this is about a group of them`,
      this.text,
      node.start,
      node.end,
      near === undefined ? wrap : `did you mean '${near}'? Otherwise ${wrap}`,
    );
  }

  direct(item: NamedExpr): number {
    for (const [node, index] of this.indexes) if (node === item.node) return index;
    return -1;
  }

  /** The item is nothing but a call that gives a time of weir's own. */
  isTime(item: NamedExpr): boolean {
    return this.calls[this.direct(item)]?.isTime === true;
  }

  /** Generates the function over the results now, so that errors are found; it is compiled when it is first used. */
  finish(items: readonly NamedExpr[]): () => Finish {
    const parameters = new Parameters();
    const result = (node: AnyNode) => {
      const index = this.indexes.get(node);
      return index === undefined ? undefined : { value: `${parameters.helper(this.calls[index]!.ofTimes ? 'ownTime' : 'plain')}(results[${index}])`, json: `results[${index}]` };
    };
    const generator = new Generator(this.fields.bind(parameters), parameters, { text: this.text, zone: this.scope.settings?.zone ?? 'UTC', result });
    const lines = items.map((item, i) => {
      const line = `const o${i} = ${generator.json(item.node)};`;
      this.fields.output(item.name, `o${i}`, this.isTime(item) || this.calls[this.direct(item)]?.ofTimes === true);
      return line;
    });
    const body = `${lines.join('\n')}\nreturn [${items.map((_, i) => `o${i}`).join(', ')}];`;
    let compiled: Finish | undefined;
    return () => (compiled ??= parameters.run(`return function finish(results, keys, windowStart, windowEnd) {\n${body}\n}`) as Finish);
  }
}

