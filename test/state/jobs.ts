// in: golden cases, random choices
// out: jobs with their lines, for runs with state that is taken out and put in again

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeBytes } from '../../src/model/token.ts';
import { stages } from '../../src/operators/table.ts';
import type { Job } from '../../src/plan/job.ts';
import { parseWords } from '../../src/plan/words.ts';
import { wordsOf } from '../property/adapter.ts';
import { randomCase } from '../property/pipelines.ts';
import type { Random } from '../property/random.ts';
import { randomClock, randomLines } from '../property/records.ts';

export interface Source {
  readonly title: string;
  readonly job: Job;
  /** one char a byte, without newline */
  readonly lines: readonly string[];
}

const ROOT = 'test/cases';

/** The golden cases that are one plain weir command over a file and end well. */
export function goldenJobs(): Source[] {
  const folders = readdirSync(ROOT).flatMap((stage) => readdirSync(join(ROOT, stage)).map((name) => join(ROOT, stage, name)));
  return folders.filter((folder) => !existsSync(join(folder, 'exit')) && isPlain(readFileSync(join(folder, 'cmd'), 'utf8'))).map(goldenJob);
}

function isPlain(line: string): boolean {
  // Modules of user code are loaded before a job is made; process-state.test.ts runs them.
  return line.startsWith('weir ') && !/\b(process|apply) \S+\.m?js/.test(line) && !/[|;&<>]|--help|--on-error [^s]/.test(line.replace(/'[^']*'|"[^"]*"/g, ''));
}

function goldenJob(folder: string): Source {
  const words = execFileSync('/bin/sh', ['-c', `weir() { printf '%s\\0' "$@"; }\n${readFileSync(join(folder, 'cmd'), 'utf8')}`], { encoding: 'utf8' }).split('\0').slice(0, -1);
  const job = parseWords(words, stages);
  const files = job.stages[0]!.name === 'from' ? job.stages[0]!.args : job.files;
  const text = files.map((file) => readFileSync(join(folder, file), 'latin1')).join('');
  return { title: folder, job, lines: text.split('\n').filter((line) => line !== '') };
}

const AGGS = 'n = count(), v = sum(x), f = first(s), l = last(k), c = collect(x), u = collect_set(y), a = arg_min(s, y), b = arg_max(k, x), m = min(x), g = max(o), d = count_distinct(k), q = median(x), w = stddev(x), r = avg(x).where(y > 1), p = approx_quantile(x, 0.5), i = approx_count_distinct(s)';
const FRAMES = 'n = row_number(), g = lag(s, 2), h = lag(o, 1, 0), own = s, v = sum(x), c = collect(s), b = arg_max(k, x), m = max(x), w = var(x), f = first(list)';

/** Stages whose state has much in it; `{n}` is n steps of the records' clock. */
export const RICH = [
  `tumble {20} '${AGGS}' --by k`,
  `tumble {20} '${AGGS}' --by k --allowed-lateness {30} --late-output late.ndjson --early {7}`,
  `hop {20} '${AGGS}' --every {6} --by k --allowed-lateness {9}`,
  `hop {20} 'c = collect(x)' --every {6} --by k,y --early {5}`,
  `cumulate {24} '${AGGS}' --step {4} --by k`,
  `session {4} '${AGGS}' --by k --allowed-lateness {20} --late-output late.ndjson`,
  `session {6} '${AGGS}' --by y --early {5}`,
  `session '(y + 1) * 3' 'c = collect(x)' --by k --allowed-lateness {9} --early {3}`,
  `window session:{4} --by k --allowed-lateness {9} --late-output late.ndjson`,
  `window hop:{12}/{4} then top 2 x --by k --per-window --ties`,
  `window tumble:{20} then per-window '${AGGS}' --by k`,
  `window tumble:{20} then dedup --by k --keep last`,
  `count-window 3 '${AGGS}' --by k`,
  `count-window 4 '${AGGS}' --every 3 --by y`,
  `agg '${AGGS}' --by k`,
  `agg '${AGGS}' --by k --emit change`,
  `agg '${AGGS}' --by k --emit {7}`,
  `agg '${AGGS}'`,
  `over '${FRAMES}' --by k`,
  `over '${FRAMES}' --by k --rows 2`,
  `over '${FRAMES}' --by k --range {7}`,
  `top 2 x,y --by k`,
  `top 2 x --by k --ties --asc`,
  `dedup --by k,y`,
  `dedup --by k --ttl {9}`,
  `dedup --by y --keep earliest`,
  `dedup --by k --keep earliest --ttl {9}`,
  `dedup --by k --keep latest`,
  `dedup --by k --keep last`,
  `unnest list then dedup --by list --keep last`,
  `tumble {10} 'n = count()' --by k then agg 'm = sum(n), c = collect(k)' --emit change`,
  `tumble {4} 'n = count(), y = max(y)' --by k then dedup --by n --keep last`,
  `tumble {4} 'n = count(), y = max(y)' --by k then top 1 n --by y --ties`,
  `tumble {4} 'n = count()' --by k then over 'ks = collect(k)' --by n`,
  `filter 'y > 0' then head 11 then tumble {10} 'n = count()'`,
];

/** A random pipeline over random records. */
export function randomJob(random: Random): Source {
  const made = randomCase(random);
  return source(wordsOf(made), made.lines);
}

/** Each of the stages above in turn, over random records. */
export function richJob(n: number, random: Random): Source {
  const clock = randomClock(random);
  const stage = RICH[n % RICH.length]!.replaceAll(/\{(\d+)\}/g, (_, steps) => `${Number(steps) * clock.step}ms`);
  const delay = random.pick([0, clock.jitter / 4, clock.jitter]);
  const isTimed = !/^over(?!.*--range)/.test(stage) || random.chance(0.5);
  const words = [...stage.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);
  return source([...(isTimed ? ['--time', 'ts', '--delay', `${Math.floor(delay)}ms`] : []), ...words, 'input.ndjson'], randomLines(random, clock, random.pick([10, 30, 80])));
}

function source(words: readonly string[], lines: readonly string[]): Source {
  return { title: `weir ${words.join(' ')}`, job: parseWords(words, stages), lines: lines.map(encodeBytes) };
}
