// in: the records of two inputs
// out: those that belong together, as one record

import type { StageDefinition } from '../model/stage.ts';
import { offset } from './options.ts';
import { planJoin } from './joins/plan.ts';
import { TYPES } from './joins/types.ts';

const people = `printf '{"id":1,"name":"Ada"}\\n{"id":2,"name":"Bob"}\\n' > people.ndjson`;

export const join: StageDefinition = {
  name: 'join',
  summary: 'puts records of two inputs together',
  description: [
    'RIGHT is a file; a quoted pipeline that starts with `from FILE`; one that starts with `input`, a branch of this very stream; or a .weir file. What it does not say of time and format is what the job says.',
    'Without --within, --window, --as-of or --lookup everything is kept: records are joined whenever they come; --ttl bounds that. --lookup reads RIGHT whole first, then joins each record at once. --as-of takes the newest right record of the key that is not younger than the left one, when the watermark reaches that. --within and --window join records that are near each other in time, or in the same window.',
    'Pairs come out at once, a record without a partner when none can come any more (--type left, right, full, anti). semi: left records that have a partner; anti: those that have none.',
    'Inputs with event time are taken in its order, the left one first where times are equal; otherwise the left one is read to its end, then the right one. With event time and --idle, an input that is silent is not waited for. A null or missing key joins nothing.',
    "The right record's fields stand behind those of the left one, with the prefix `right_` where the name is taken (keys of the same name are not repeated); with --as NAME they are one field.",
  ],
  arguments: [{ name: 'RIGHT', help: "a file, 'from FILE… then …', 'input then …', or a .weir file" }],
  options: [
    { name: 'on', value: 'KEYS', help: 'fields that are equal in both: id, or user=id where their names differ' },
    { name: 'within', value: 'L,U', help: 'joins when right.time − left.time is from L to U, such as -5m,10m' },
    { name: 'window', value: 'KIND', help: 'joins records of the same window, such as tumble:10s, and adds its bounds' },
    offset,
    { name: 'as-of', help: 'takes the newest right record at or before the left one' },
    { name: 'lookup', help: 'reads RIGHT whole first; its records need no time' },
    { name: 'type', value: TYPES.join('|'), choices: TYPES, help: 'what comes out', default: 'inner' },
    { name: 'where', value: 'EXPR', help: 'decides, over the fields of both, whether a pair counts' },
    { name: 'as', value: 'NAME', help: 'the right record as one field' },
    { name: 'ttl', value: 'DUR', help: 'forgets a record this long after its time' },
    { name: 'late-output', value: 'FILE', help: 'keeps records that came too late there, as they came' },
  ],
  examples: [
    {
      note: 'Each order with its customer, from a file that is read first',
      command: `${people}; weir join people.ndjson --lookup --on user=id`,
      input: ['{"order":7,"user":1}', '{"order":8,"user":3}'].join('\n'),
      output: '{"order":7,"user":1,"id":1,"name":"Ada"}',
    },
    {
      note: 'Orders that were not paid within 5 minutes: the stream joined with a branch of itself',
      command: `weir --time ts join "input then filter 'paid != null'" --on id --within 1ms,5m --type anti then filter 'paid == null'`,
      input: ['{"ts":"2026-01-01T00:00:00Z","id":1}', '{"ts":"2026-01-01T00:01:00Z","id":2}', '{"ts":"2026-01-01T00:02:00Z","id":1,"paid":true}'].join('\n'),
      output: '{"ts":"2026-01-01T00:01:00Z","id":2}',
    },
    {
      note: 'Clicks with the price that was valid at their time',
      command: "printf '{\"ts\":1000,\"sku\":\"a\",\"price\":5}\\n{\"ts\":5000,\"sku\":\"a\",\"price\":6}\\n' > prices.ndjson; weir --time ts join prices.ndjson --as-of --on sku --as valid then select 'ts, sku, price = valid.price'",
      input: ['{"ts":2000,"sku":"a"}', '{"ts":7000,"sku":"a"}'].join('\n'),
      output: ['{"ts":2000,"sku":"a","price":5}', '{"ts":7000,"sku":"a","price":6}'].join('\n'),
    },
  ],
  plan: (call, point) => planJoin(call, point),
};
