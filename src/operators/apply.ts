// in: records
// out: what a function of the user's makes of each

import type { StageDefinition } from '../model/stage.ts';
import type { ApplyContext, ApplyResult, AnyRecord } from '../model/user.ts';
import { ApplyOperator, type ApplyFunctions } from './user/apply-operator.ts';
import { Emissions } from './user/emissions.ts';
import type { ModuleName } from './user/failure.ts';
import { checkFunctions, loadDefault, mentions, moduleName, refuseAsync } from './user/module.ts';
import { planRecords, UserRecords } from './user/records.ts';

export const apply: StageDefinition = {
  name: 'apply',
  summary: 'a function of your own: a record in, any number out',
  description: [
    'MODULE is an ES module whose default export is a function (record, ctx) that returns a record, an array (or any iterable) of records, or nothing; or an object { open?(ctx), onRecord(record, ctx), close?(ctx) }. It gets one record at a time and must not be async.',
    'ctx has `time`, `watermark` (before the record) and `emit(record)`. What comes of a record has its event time, and its window.',
    'Numbers become JavaScript numbers: where long ones matter, keep them as strings. What needs state or timers is `process`.',
    "Types: /** @type {import('weir').Apply} */.",
  ],
  arguments: [{ name: 'MODULE', help: 'a JavaScript file' }],
  options: [],
  examples: [
    {
      note: 'A record per word',
      command: [
        "echo 'export default ({ text }) => text.split(\" \").map((word) => ({ word }))' > words.mjs",
        "weir apply words.mjs then agg 'n = count()' --by word",
      ].join('\n'),
      input: [
        '{"text":"to be or"}',
        '{"text":"not to be"}',
      ].join('\n'),
      output: [
        '{"word":"be","n":2}',
        '{"word":"not","n":1}',
        '{"word":"or","n":1}',
        '{"word":"to","n":2}',
      ].join('\n'),
    },
  ],
  plan(call, point) {
    const name = moduleName(call);
    const records = planRecords(point);
    const layout = point.renew(true);
    const isTimed = point.timed;
    let module: ApplyFunctions;
    return {
      // Where blocks are worked on apart, nobody knows the watermark, or the end; what is imported may ask for them, too.
      distribution: { kind: mentions(name, /\b(watermark|close|import|require)\b/) ? 'single' : 'forward' },
      rejects: true,
      async prepare() {
        module = functionsOf(await loadDefault(name), name);
      },
      create: (context) => new ApplyOperator(context, { name, module, isTimed, records: new UserRecords(records), main: new Emissions(context, layout) }),
    };
  },
};

function functionsOf(loaded: unknown, name: ModuleName): ApplyFunctions {
  if (typeof loaded === 'function') {
    refuseAsync(loaded, 'the function', name);
    return { called: 'the function', onRecord: loaded as (record: AnyRecord, ctx: ApplyContext) => ApplyResult };
  }
  checkFunctions(loaded, ['open', 'onRecord', 'close'], ['onRecord'], name);
  const module = loaded as ApplyFunctions;
  return {
    called: 'onRecord',
    onRecord: (record, ctx) => module.onRecord(record, ctx),
    open: (ctx) => module.open?.(ctx),
    close: (ctx) => module.close?.(ctx),
  };
}
