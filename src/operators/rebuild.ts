// in: ASSIGNS with `...object` among them
// out: records written anew, since only the records themselves tell which fields there are

import type { NamedExpr } from '../expr/ast.ts';
import { type CompiledValue, compileJson } from '../expr/compile.ts';
import type { Batch } from '../model/batch.ts';
import { MAX_ROWS, type Register } from '../model/column.ts';
import type { Operator, OperatorContext, Point, RecordMaker, StagePlan } from '../model/stage.ts';
import { memberTexts } from '../scan/members.ts';
import { encodeBytes, JsonText } from '../model/token.ts';

interface Item {
  /** empty: the members of the value are set */
  readonly name: string;
  readonly value: CompiledValue;
}

/** Items see those before them, but not the members that a spread before them set. */
export function planRebuilt(items: readonly NamedExpr[], point: Point, closed: boolean): StagePlan {
  const record = closed ? undefined : point.record().register;
  const steps = items.map((item): Item => {
    const value = compileJson(item, point);
    if (!item.spread) point.assign(item.name, 'value');
    return { name: item.spread ? '' : item.name, value };
  });
  const registers = items.map((item) => (item.spread ? undefined : point.field([item.name]).register));
  const layout = point.reissue();
  return { distribution: { kind: 'forward' }, create: (context) => new Rebuild(context, steps, registers, record, context.records(layout)) };
}

class Rebuild implements Operator {
  private readonly columns: unknown[][];

  constructor(
    private readonly context: OperatorContext,
    private readonly items: readonly Item[],
    private readonly registers: readonly (Register | undefined)[],
    private readonly record: Register | undefined,
    private readonly records: RecordMaker,
  ) {
    this.columns = items.map(() => new Array(MAX_ROWS));
  }

  push(batch: Batch): void {
    if (this.record) batch.prepare([this.record.index]);
    this.items.forEach(({ value }, i) => {
      const register = this.registers[i];
      if (register) this.columns[i] = (batch.columns[register.index] as { values: unknown[] }).values;
      value.evaluate(batch, this.columns[i]!);
    });
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      const to = this.records.add(this.text(batch, row), batch.time[row]!, batch.watermark[row]!);
      this.records.batch.windowStart[to] = batch.windowStart[row]!;
      this.records.batch.windowEnd[to] = batch.windowEnd[row]!;
    }
    this.records.flush(batch.after);
  }

  end(): void {
    this.context.out.end();
  }

  private text(batch: Batch, row: number): string {
    const members = new Map<string, string>();
    if (this.record) spread(members, (batch.columns[this.record.index] as { values: unknown[] }).values[row]);
    this.items.forEach(({ name }, i) => {
      const value = this.columns[i]![row];
      if (name === '') spread(members, value);
      else set(members, name, value);
    });
    return `{${[...members].map(([name, text]) => `${encodeBytes(JSON.stringify(name))}:${text}`).join(',')}}`;
  }
}

function set(members: Map<string, string>, name: string, value: unknown): void {
  const text = value instanceof JsonText ? value.bytes : textOf(value);
  if (text === undefined) members.delete(name);
  else members.set(name, text);
}

function textOf(value: unknown): string | undefined {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? undefined : encodeBytes(text);
}

/** What is no object has no members. */
function spread(members: Map<string, string>, value: unknown): void {
  const text = value instanceof JsonText ? value.bytes : typeof value === 'object' && value !== null && !Array.isArray(value) ? textOf(value)! : '';
  if (text.startsWith('{')) for (const [name, inner] of memberTexts(text)) members.set(name, inner);
}
