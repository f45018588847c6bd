// in: nothing
// out: the options of a job, and those of any stage, as data: parsing, help, man pages and completion come from here

import { INPUT_FORMATS, OUTPUT_FORMATS } from '../model/format.ts';
import type { OptionSpec } from '../model/stage.ts';

/** Options of the job, in the order that help shows them. */
export const jobOptions: readonly OptionSpec[] = [
  { name: 'time', value: 'EXPR', help: 'event time of a record: epoch ms, or an ISO-8601 text' },
  { name: 'time-unit', value: 's|ms|us|ns', choices: ['s', 'ms', 'us', 'ns'], help: 'the unit of a numeric time', default: 'ms' },
  { name: 'delay', value: 'DUR', help: 'how far behind the latest time the watermark stays: records may be this much out of order', default: '0' },
  { name: 'idle', value: 'DUR', help: 'an input silent this long (by the clock) stops holding the watermark back: it goes to the latest time there was', default: 'off' },
  { name: 'tz', value: 'ZONE', help: 'IANA zone of calendar windows and of times that name none', default: 'UTC' },
  { name: 'parallelism', short: 'p', value: 'N|auto', choices: ['auto'], help: 'processes that share the work; auto: one for each 128 MB of plain NDJSON files, as many as there are cores at most', default: 'auto' },
  { name: 'follow', short: 'F', help: 'keeps reading as files grow, by name: through rotation, truncation and deletion; one that is not there yet is waited for' },
  { name: 'format', value: 'FORMAT', choices: [...INPUT_FORMATS, 'regex:'], help: `what input is: ${INPUT_FORMATS.join(', ')} or regex:/…/`, default: 'json' },
  { name: 'output-format', value: OUTPUT_FORMATS.join('|'), choices: OUTPUT_FORMATS, help: 'what output is', default: 'json' },
  { name: 'output', short: 'o', value: 'FILE', help: 'writes there instead of to stdout' },
  { name: 'snapshots', value: 'DIR', help: 'keeps snapshots there and resumes from the newest complete one' },
  { name: 'every', value: 'DUR', help: 'time between snapshots', default: '10s' },
  { name: 'keep', value: 'N', help: 'how many snapshots are kept', default: '2' },
  { name: 'fresh', help: 'starts anew, whatever snapshots there are' },
  { name: 'eof', value: 'drain|keep', choices: ['drain', 'keep'], help: 'when input ends: print every open window, or keep them in a snapshot for the next run', default: 'drain' },
  { name: 'state', value: 'heap|level', choices: ['heap', 'level'], help: 'where keyed state lives; level: on disk (LevelDB, where temporary files are, or beside the snapshots), for more keys than fit into memory; the job then runs in one process', default: 'heap' },
  { name: 'restarts', value: 'N', help: 'with --snapshots and -p: how often a job goes on by itself from its newest snapshot when one of its processes has died; not where input comes through a pipe', default: '3' },
  { name: 'on-error', value: 'fail|skip|FILE', choices: ['fail', 'skip'], help: 'a line that is no record, or has no usable time; FILE gets such lines', default: 'fail' },
  { name: 'timestamps', value: 'iso|ms', choices: ['iso', 'ms'], help: 'how times of weir\'s own are printed, such as window bounds', default: 'iso' },
  { name: 'stats', value: 'FILE', help: 'writes a summary of the run there (-: to stderr), as JSON: what was read, written and late, peak memory, and the keys and bytes that each stage held' },
  { name: 'progress', value: 'auto|on|off', choices: ['auto', 'on', 'off'], help: 'a status line on stderr; auto: while it is a terminal', default: 'auto' },
  { name: 'quiet', short: 'q', help: 'no summary, no progress' },
  { name: 'verbose', short: 'v', help: 'says more: what was read and written, the keys that each stage kept, stacks of errors' },
  { name: 'color', value: '[auto|always|never]', choices: ['auto', 'always', 'never'], help: 'colour; auto: on a terminal; without a word: always', default: 'auto' },
];

/** Options that every stage has beside its own. */
export const stageOptions: readonly OptionSpec[] = [{ name: 'subtasks', value: 'N', help: 'parallelism of this stage, at most -p' }];
