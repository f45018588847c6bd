// in: a job
// out: how many processes it runs on, and whether keys are dealt out to them

import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { blockStages } from '../../plan/block-stages.ts';
import type { Plan, PlannedStage, RightPlan, SourcePlan } from '../../plan/plan.ts';
import { rightsOf, sourcesOf } from '../pipeline.ts';
import { sizes } from '../sizes.ts';

const MOST = 128;
/** As many as are worth it without being asked for: behind that the reading of what they made is what takes the time. */
const MOST_AUTO = 8;
/** A process takes 0.1 s to start, in which another reads 40 MB. */
const AUTO_BYTES = 1 << 27;
/** Of 2 or 3 processes, one does what keyed stages do while the others scan: to send every record to the process of its key costs more than is won. */
const LEAST_KEYED = 4;

/** Stages that cost next to nothing, or do not make less of what has to be sent. */
const COSTLESS = ['from', 'time', 'select', 'drop', 'rename', 'key-by', 'rebalance'];

/**
 * Processes for a job: what -p says. By default one for each 128 MB of plain NDJSON files, as many as there are cores at most.
 * Jobs that are live or look at the clock, and those with snapshots whose input is no NDJSON, run in one process, whatever -p says.
 */
export function chooseParallelism(plan: Plan): number {
  const { options } = plan.job;
  const sources = [plan.source, ...sourcesOf(plan.stages)];
  const isTracked = options.snapshots !== undefined;
  if (isLive(sources) || plan.stages.some(looksAtClock) || (isTracked && sources.some(({ format }) => format.kind !== 'json'))) return 1;
  if (options.parallelism !== 'auto') return Math.min(options.parallelism, MOST);
  if (sizes.parallelism !== undefined) return sizes.parallelism;
  if (!isWorthMany(plan)) return 1;
  const bytes = sources.reduce((sum, source) => sum + plainBytes(source), 0);
  return Math.max(1, Math.min(availableParallelism(), MOST_AUTO, Math.floor(bytes / AUTO_BYTES)));
}

/** Files that grow; of two inputs also pipes that may fall silent. */
function isLive(sources: readonly SourcePlan[]): boolean {
  return sources.some(({ follow, idle }) => follow || (idle.length > 0 && sources.length > 1));
}

/** Who wants the first few records needs no other process; nor is it worth one to read what another has to read again. */
function isWorthMany(plan: Plan): boolean {
  if (plan.stages[0]?.call.name === 'head') return false;
  return !goesOnInOne(plan) || [plan.stages, ...rightsOf(plan.stages).map((right) => right.stages)].some(hasWorkInFront);
}

function hasWorkInFront(stages: readonly PlannedStage[]): boolean {
  return stages.slice(0, blockStages(stages)).some(({ call }) => !COSTLESS.includes(call.name));
}

function looksAtClock({ plan }: PlannedStage): boolean {
  return plan.isClocked === true || (plan.right as RightPlan | undefined)?.stages.some(looksAtClock) === true;
}

/** Whether all that is behind the fronts of its sources is done in one process: where two inputs meet, and where state is on disk. */
export function goesOnInOne({ job, stages }: Plan): boolean {
  return stages.some(({ plan }) => plan.right) || (job.options.state === 'level' && blockStages(stages) < stages.length);
}

/** Whether keyed stages run on so many processes, each with its own keys. */
export function hasManySubtasks(parallelism: number): boolean {
  return parallelism >= (sizes.leastKeyed ?? LEAST_KEYED);
}

/** Bytes of input that several processes can read at once. */
function plainBytes({ format, files }: SourcePlan): number {
  if (format.kind !== 'json') return 0;
  return files.reduce((sum, file) => sum + sizeOf(file), 0);
}

function sizeOf(file: string): number {
  const stat = file.endsWith('.gz') ? undefined : statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() ? stat.size : 0;
}
