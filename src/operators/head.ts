// in: records
// out: the first N of them

import type { Batch } from '../model/batch.ts';
import type { Operator, OperatorContext, StageDefinition } from '../model/stage.ts';
import type { StateReader, StateWriter } from '../model/state.ts';
import { wholeNumber } from './numbers.ts';

export const head: StageDefinition = {
  name: 'head',
  summary: 'the first N records, then stops reading',
  description: [
    'Ends the job as soon as nothing behind it can change the output.',
  ],
  arguments: [{ name: 'N', help: 'how many' }],
  options: [],
  examples: [
    {
      note: 'The first two',
      command: 'weir head 2',
      input: [
        '{"x":1}',
        '{"x":2}',
        '{"x":3}',
      ].join('\n'),
      output: [
        '{"x":1}',
        '{"x":2}',
      ].join('\n'),
    },
  ],
  plan(call) {
    const most = wholeNumber('N', call.args[0]!, 0);
    return { distribution: { kind: 'single' }, state: 'how many records have passed', create: (context) => new Head(most, context) };
  },
};

class Head implements Operator {
  private passed = 0;

  constructor(
    private readonly most: number,
    private readonly context: OperatorContext,
  ) {
    if (most === 0) context.stop();
  }

  push(batch: Batch): void {
    const isLast = this.passed + batch.count >= this.most;
    batch.count = Math.min(batch.count, this.most - this.passed);
    this.passed += batch.count;
    // The stream ends behind the last record, wherever its batch does.
    if (isLast) batch.rows = batch.count > 0 ? batch.sel[batch.count - 1]! + 1 : 0;
    this.context.out.push(batch);
    if (this.passed === this.most) this.context.stop();
  }

  save(to: StateWriter): void {
    to.whole('passed', this.passed);
  }

  load(from: StateReader): void {
    this.passed = (from.whole('passed') as number | undefined) ?? 0;
    if (this.passed === this.most) this.context.stop();
  }

  end(): void {
    this.context.out.end();
  }
}
