// in: records, by key
// out: what a module of the user's makes of them

import { UsageError } from '../model/errors.ts';
import type { Operator, OperatorContext, Point, RightInput, StageCall, StageDefinition } from '../model/stage.ts';
import type { Process } from '../model/user.ts';
import { byKeys, type KeyPlan, Keys, planKeys } from './groups/keys.ts';
import { by } from './options.ts';
import { InputRows } from './joins/input-rows.ts';
import { planBroadcast } from './joins/meet.ts';
import { BroadcastProcess } from './user/broadcast-process.ts';
import { Emissions, SideOutputs } from './user/emissions.ts';
import { checkFunctions, loadDefault, mentions, moduleName } from './user/module.ts';
import type { ModuleParts } from './user/module-parts.ts';
import { ProcessOperator } from './user/process-operator.ts';
import { planRecords, UserRecords } from './user/records.ts';
import { keysOf } from './windows/plan.ts';

const FUNCTIONS = ['open', 'onRecord', 'onTimer', 'onBroadcast', 'close'];

export const process: StageDefinition = {
  name: 'process',
  summary: 'code of your own, with state and timers per key',
  description: [
    'MODULE is an ES module whose default export is { open?(ctx), onRecord(record, ctx), onTimer?(time, ctx), onBroadcast?(record, ctx), close?(ctx) }. Records come one at a time, in order, so none of these may be async.',
    'ctx has `key` (an array where --by has several), `time` and `watermark` (in onRecord: the one before the record), `emit(record)`, `side(name, record)`, `timers.at(time)` and `timers.delete(time)`, and the state of the key by name: `state.value(name)` (get set clear), `state.list(name)` (get add set clear), `state.map(name)` (get set has delete keys values entries clear), each with an optional `{ ttl: "1h" }`. State holds plain data; weir keeps it in its snapshots.',
    'A timer fires when the watermark next reaches its time; there is one for a key and time. What onRecord emits has the event time of the record, what onTimer emits that of the timer. When input ends all timers fire: ctx.watermark is Infinity then, and a timer that would set itself again should look at it.',
    '`timers.atProcessingTime(time)` and `timers.deleteProcessingTime(time)` are for timers by the clock (`ctx.processingTime`, ms); in onTimer `ctx.timeDomain` is "event" or "processing". They fire between two records, while input comes from a pipe or from files that are followed; what they emit has the latest event time of a record. Files that are read to their end let none fire, so that each run prints the same; and those that are left when input ends never do.',
    "--broadcast names a second input (what a RIGHT is for `join`): each of its records goes to onBroadcast, which may write state that belongs to no key, `ctx.broadcast.value(name)` and so on; onRecord and onTimer read it there, whatever their key is. Inputs with event time are taken in its order, the main one first where times are equal, and the watermark is the smaller one of both. Where one of them has none, --broadcast is read whole first; a table of rules without times goes with the stage `time ts` instead of the option --time, which holds for all inputs.",
    "Types: /** @type {import('weir').Process} */.",
  ],
  arguments: [{ name: 'MODULE', help: 'a JavaScript file' }],
  options: [
    by,
    { name: 'side', value: 'NAME=FILE', repeat: true, help: 'where ctx.side(NAME, record) writes to' },
    { name: 'broadcast', value: 'RIGHT', help: 'a second input: onBroadcast gets its records, and all keys see what it keeps of them' },
  ],
  examples: [
    {
      note: 'Numbers the records of each key',
      command: [
        "cat > number.mjs <<'EOF'",
        'export default {',
        '  onRecord(record, ctx) {',
        "    const count = ctx.state.value('count');",
        '    count.set((count.get() ?? 0) + 1);',
        '    ctx.emit({ ...record, n: count.get() });',
        '  },',
        '};',
        'EOF',
        'weir process number.mjs --by user',
      ].join('\n'),
      input: [
        '{"user":"ann","page":"/"}',
        '{"user":"bob","page":"/"}',
        '{"user":"ann","page":"/buy"}',
      ].join('\n'),
      output: [
        '{"user":"ann","page":"/","n":1}',
        '{"user":"bob","page":"/","n":1}',
        '{"user":"ann","page":"/buy","n":2}',
      ].join('\n'),
    },
    {
      note: 'Tells which jobs have not ended an hour after they began',
      command: [
        "cat > overdue.mjs <<'EOF'",
        'const HOUR = 3_600_000;',
        'export default {',
        '  onRecord(record, ctx) {',
        "    const began = ctx.state.value('began');",
        "    if (record.event === 'begin') {",
        '      began.set(ctx.time);',
        '      ctx.timers.at(ctx.time + HOUR);',
        '    } else {',
        '      ctx.timers.delete(began.get() + HOUR);',
        '      began.clear();',
        '    }',
        '  },',
        '  onTimer(time, ctx) {',
        '    ctx.emit({ overdue: ctx.key });',
        '  },',
        '};',
        'EOF',
        'weir --time ts process overdue.mjs --by job',
      ].join('\n'),
      input: [
        '{"ts":"2026-01-01T00:00:00Z","job":"a","event":"begin"}',
        '{"ts":"2026-01-01T00:10:00Z","job":"b","event":"begin"}',
        '{"ts":"2026-01-01T00:20:00Z","job":"a","event":"end"}',
      ].join('\n'),
      output: '{"overdue":"b"}',
    },
    {
      note: 'Readings above the limit of their kind, from a file that is read first',
      command: [
        "cat > alarm.mjs <<'EOF'",
        'export default {',
        '  onBroadcast(rule, ctx) {',
        "    ctx.broadcast.map('limits').set(rule.kind, rule.limit);",
        '  },',
        '  onRecord(record, ctx) {',
        "    const limit = ctx.broadcast.map('limits').get(record.kind);",
        '    if (record.value > limit) ctx.emit({ ...record, limit });',
        '  },',
        '};',
        'EOF',
        `printf '{"kind":"heat","limit":80}\\n{"kind":"noise","limit":60}\\n' > rules.ndjson`,
        'weir process alarm.mjs --by sensor --broadcast rules.ndjson',
      ].join('\n'),
      input: [
        '{"sensor":1,"kind":"heat","value":85}',
        '{"sensor":2,"kind":"heat","value":70}',
        '{"sensor":2,"kind":"noise","value":61}',
      ].join('\n'),
      output: [
        '{"sensor":1,"kind":"heat","value":85,"limit":80}',
        '{"sensor":2,"kind":"noise","value":61,"limit":60}',
      ].join('\n'),
    },
  ],
  plan(call, point) {
    const name = moduleName(call);
    const keys = planKeys(neededKeys(call, point), point);
    const right = planRight(call, point);
    const sides = parseSides((call.options['side'] as readonly string[] | undefined) ?? []);
    const isTimed = point.timed;
    const make = right ? planTwo(point, right, keys) : planOne(point, keys);
    const layout = point.renew(true);
    const writer = point.writer();
    point.windowed = false;
    point.keyBy = undefined;
    const isClocked = mentions(name, /ProcessingTime\b/);
    // Files are written in the order of input, and a module is closed once: by whoever sees all records.
    const isAlone = sides.size > 0 || isClocked || mentions(name, /\bclose\b/);
    let module: Process;
    return {
      distribution: isAlone ? { ...byKeys(keys), partitioner: undefined } : byKeys(keys),
      isClocked,
      rejects: true,
      state: right ? 'states and timers of the module, per key; what it keeps of --broadcast' : 'states and timers of the module, per key',
      isEvictable: true,
      ...(right && { right }),
      async prepare() {
        module = (await loadDefault(name)) as Process;
        checkFunctions(module, FUNCTIONS, right ? ['onRecord', 'onBroadcast'] : ['onRecord'], name);
      },
      create: (context) => {
        const outputs = { main: new Emissions(context, layout), sides: new SideOutputs(context, sides, layout, writer) };
        return make(context, { name, module, isTimed, isAlone, ...outputs, clock: context.clock, warn: (text) => context.warn(text) });
      },
    };
  },
};

type MakeOperator = (context: OperatorContext, parts: ModuleParts) => Operator;

function planOne(point: Point, keys: KeyPlan): MakeOperator {
  const records = planRecords(point);
  return (context, parts) => new ProcessOperator(context, parts, new Keys(keys), new UserRecords(records));
}

function planTwo(point: Point, right: RightInput, keys: KeyPlan): MakeOperator {
  const { merge, left, rightInput } = planBroadcast(point, right, keys);
  const times = { left: point.times, right: right.point.times };
  right.point.reissue();
  point.reissue();
  point.delay = Math.max(point.delay, right.point.timed ? right.point.delay : 0);
  return (context, parts) => new BroadcastProcess(context, merge, new InputRows(context, left), new InputRows(context, rightInput), parts, times);
}

function planRight({ options }: StageCall, point: Point): RightInput | undefined {
  const text = options['broadcast'];
  return typeof text === 'string' ? point.right(text, { isTimeless: !point.timed }) : undefined;
}

function neededKeys(call: StageCall, point: Point): string {
  const text = keysOf(call, point);
  if (text === undefined) throw new UsageError('--by is missing', "state and timers belong to a key: --by user; one for all records is --by 'all = 1'");
  return text;
}

/** NAME=FILE words. Throws UsageError. */
function parseSides(words: readonly string[]): Map<string, string> {
  const sides = new Map<string, string>();
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1 || at === word.length - 1) throw new UsageError(`--side takes NAME=FILE, not '${word}'`, 'such as --side late=late.ndjson');
    const name = word.slice(0, at);
    if (sides.has(name)) throw new UsageError(`--side ${name} is given twice`, 'a side output goes to one file');
    sides.set(name, word.slice(at + 1));
  }
  return sides;
}
