// in: the records of two inputs
// out: all of them

import type { Point, StageDefinition, StagePlan } from '../model/stage.ts';
import { InputRows } from './joins/input-rows.ts';
import { planMeet } from './joins/meet.ts';
import { JoinResults } from './joins/results.ts';
import { FlatSplicer } from './joins/splicer.ts';
import { UnionRows } from './joins/union-rows.ts';

export const union: StageDefinition = {
  name: 'union',
  summary: 'the records of two inputs, as they are',
  description: [
    'RIGHT is what it is for `join`: a file; a quoted pipeline that starts with `from FILE` or with `input`; or a .weir file.',
    'Inputs with event time are taken in its order, the left one first where times are equal; otherwise the left one is read to its end, then the right one. With event time and --idle, an input that is silent is not waited for.',
  ],
  arguments: [{ name: 'RIGHT', help: "a file, 'from FILE… then …', 'input then …', or a .weir file" }],
  options: [],
  examples: [
    {
      note: 'Two logs in the order of their times',
      command: `printf '{"ts":2000,"host":"b"}\\n' > b.ndjson; weir --time ts union b.ndjson`,
      input: ['{"ts":1000,"host":"a"}', '{"ts":3000,"host":"a"}'].join('\n'),
      output: ['{"ts":1000,"host":"a"}', '{"ts":2000,"host":"b"}', '{"ts":3000,"host":"a"}'].join('\n'),
    },
  ],
  plan: (call, point) => planUnion(call.args[0]!, point),
};

function planUnion(text: string, point: Point): StagePlan {
  const right = point.right(text);
  const meet = planMeet(point, right, undefined);
  const times = [...new Set([...point.times, ...right.point.times])];
  right.point.reissue();
  const layout = point.reissue(times);
  point.timed = point.timed && right.point.timed;
  point.windowed = point.windowed && right.point.windowed && point.timed;
  point.delay = Math.max(point.delay, right.point.delay);
  point.keyBy = undefined;
  const results = { layout, bounds: undefined, splicer: () => new FlatSplicer(new Set()), where: undefined, settings: point.settings };
  return {
    distribution: { kind: 'single' },
    right,
    create: (context) => new UnionRows(context, meet.merge, new InputRows(context, meet.left), new InputRows(context, meet.rightInput), new JoinResults(context, results, false)),
  };
}
