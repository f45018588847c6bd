// in: ASSIGNS with `...object` among them
// out: records written anew, since only the records themselves tell which fields there are

import type { NamedExpr } from '../expr/ast.ts';
import { compileJson } from '../expr/compile.ts';
import type { Batch } from '../model/batch.ts';
import type { Register } from '../model/column.ts';
import type { Operator, OperatorContext, Point, Receiver, RecordMaker, StagePlan } from '../model/stage.ts';
import { encodeBytes, JsonText } from '../model/token.ts';
import { memberTexts } from '../scan/members.ts';
import { causedBy } from './cause.ts';
import { setField } from './set-field.ts';

/** Makes one operator of a stage that takes several. */
type Make = (context: OperatorContext) => Operator;

/** A field to write, or an object whose members are fields to write. */
interface Part {
  readonly name: string;
  readonly spread: boolean;
  readonly register: Register;
}

/** Objects that are spread are kept in fields that no record can have, until the record is written. */
const hidden = (n: number) => `\u0000spread ${n}`;

/** Items see those before them, and the members that were spread before them. `closed`: only what is set is kept (`select`). */
export function planRebuilt(items: readonly NamedExpr[], point: Point, closed: boolean): StagePlan {
  const makers: Make[] = [];
  const names = items.map((item, i) => (item.spread ? hidden(i) : item.name));
  items.forEach((item, i) => {
    makers.push(assign(item, names[i]!, point));
    if (item.spread) makers.push(rewrite([record(point), part(names[i]!, true, point)], point));
  });
  if (closed) makers.push(rewrite(items.map((item, i) => part(names[i]!, item.spread, point)), point));
  else point.drop(names.filter((_, i) => items[i]!.spread));
  return { distribution: { kind: 'forward' }, create: (context) => chain(makers, context) };
}

const part = (name: string, spread: boolean, point: Point): Part => ({ name, spread, register: valueRegister(name, point) });
const record = (point: Point): Part => ({ name: '', spread: true, register: point.record().register });

/** A field's literal as a value. */
function valueRegister(name: string, point: Point): Register {
  return point.field([name]).register;
}

/** Operators one behind the other; the last one passes on to what follows the stage. */
function chain(makers: readonly Make[], context: OperatorContext): Operator {
  let next: Receiver = context.out;
  for (const make of makers.toReversed()) next = make(Object.create(context, { out: { value: next } }) as OperatorContext);
  return next;
}

function assign(item: NamedExpr, name: string, point: Point): Make {
  const value = compileJson(item, point);
  const { index } = point.assign(name, 'value');
  return ({ out }) => ({
    push(batch) {
      setField(batch, value, index);
      out.push(batch);
    },
    end: () => out.end(),
  });
}

/** From here on records have the parts as fields; the last of equal names counts, in the place of the first. */
function rewrite(parts: readonly Part[], point: Point): Make {
  const layout = point.reissue();
  return (context) => new Rebuild(context, parts, context.records(layout));
}

class Rebuild implements Operator {
  private readonly registers: readonly number[];

  constructor(
    private readonly context: OperatorContext,
    private readonly parts: readonly Part[],
    private readonly records: RecordMaker,
  ) {
    this.registers = parts.map((p) => p.register.index);
  }

  push(batch: Batch): void {
    batch.prepare(this.registers);
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      causedBy(this.context.cause, batch, row);
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
    for (const { name, spread, register } of this.parts) {
      const text = literal(batch, register, row);
      if (!spread) set(members, name, text);
      else if (text?.startsWith('{')) for (const [inner, value] of memberTexts(text)) set(members, inner, value);
    }
    return `{${[...members].map(([name, text]) => `${encodeBytes(JSON.stringify(name))}:${text}`).join(',')}}`;
  }
}

/** A field's JSON text as it was written; undefined: the record has no such field. */
function literal(batch: Batch, { index }: Register, row: number): string | undefined {
  const column = batch.columns[index]!;
  if (column.kind === 'token') return column.type[row] === 0 ? undefined : batch.memory.latin1Slice(column.start[row]!, column.end[row]!);
  const value = column.values[row];
  if (value instanceof JsonText) return value.bytes;
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? undefined : encodeBytes(text);
}

function set(members: Map<string, string>, name: string, text: string | undefined): void {
  if (text === undefined) members.delete(name);
  else members.set(name, text);
}
