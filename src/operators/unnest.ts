// in: records with an array
// out: a record for each of its elements

import { parseFields } from '../expr/parse.ts';
import type { Batch } from '../model/batch.ts';
import type { Register, TokenColumn } from '../model/column.ts';
import { TextError } from '../model/errors.ts';
import type { Operator, OperatorContext, RowCopier, StageDefinition } from '../model/stage.ts';
import { Type } from '../model/token.ts';
import { listElements } from '../scan/members.ts';
import { memory } from '../wasm/memory.ts';
import { tokenize } from '../wasm/tokenize.ts';
import { topLevel } from './assignments.ts';

export const unnest: StageDefinition = {
  name: 'unnest',
  summary: 'a record per element of an array',
  description: [
    'Each element takes the place of the array; the other fields are repeated. An empty, null or missing array gives no record.',
  ],
  arguments: [{ name: 'FIELD', help: 'the field that holds the array' }],
  options: [],
  examples: [
    {
      note: 'One record per item',
      command: 'weir unnest items',
      input: [
        '{"order":1,"items":["pen","ink"]}',
        '{"order":2,"items":[]}',
      ].join('\n'),
      output: [
        '{"order":1,"items":"pen"}',
        '{"order":1,"items":"ink"}',
      ].join('\n'),
    },
  ],
  plan(call, point) {
    const text = call.args[0]!;
    const [path = [], ...more] = parseFields(text);
    if (more.length > 0) throw new TextError('one field at a time', text, 0, text.length, 'a second `unnest` behind it takes the other');
    const name = topLevel(path, text);
    const { register } = point.field([name]);
    const layout = point.derive();
    const element = point.assign(name, 'token');
    return { distribution: { kind: 'forward' }, create: (context) => new Unnest(context, register, element, context.copier(layout)) };
  },
};

class Unnest implements Operator {
  private readonly made = memory().tokens();
  private readonly found = memory().tokens();

  constructor(
    private readonly context: OperatorContext,
    private readonly array: Register,
    private readonly element: Register,
    private readonly rows: RowCopier,
  ) {}

  push(batch: Batch): void {
    const { kernels } = memory();
    const mark = kernels.scratchTop();
    const arrays = this.arrays(batch);
    for (let k = 0; k < batch.count; k++) {
      const row = batch.sel[k]!;
      if (arrays.type[row] === Type.array) this.elements(batch, row, arrays.start[row]!);
    }
    this.rows.flush(batch.after);
    kernels.scratchSet(mark);
  }

  private arrays(batch: Batch): TokenColumn {
    const column = batch.columns[this.array.index]!;
    if (column.kind === 'token') {
      batch.locate([this.array.index]);
      return column;
    }
    tokenize(batch, column.values, this.made);
    return this.made;
  }

  private elements(batch: Batch, row: number, start: number): void {
    const into = this.rows.batch.columns[this.element.index] as TokenColumn;
    let from = 0;
    do {
      const { count, next } = listElements(start, from, this.found);
      for (let i = 0; i < count; i++) {
        if (this.rows.isFull) this.rows.flush(batch.watermark[row]!);
        const to = this.rows.copy(batch, row);
        into.start[to] = this.found.start[i]!;
        into.end[to] = this.found.end[i]!;
        into.type[to] = this.found.type[i]!;
      }
      from = next;
    } while (from > 0);
  }

  end(): void {
    this.context.out.end();
  }
}
