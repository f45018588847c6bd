// in: a job and its inputs
// out: its output written; a summary of what was read, written, late and left out
//
// The way of a record: sources/ (bytes) → input-stream.ts (blocks of whole lines) → source.ts (scanned to batches of columns) →
// the operators of the plan, one behind the other (pipeline.ts; where two inputs meet: two-input-stream.ts, branch.ts) → outputs.ts (lines again) → sinks/ (bytes).
// On several processes: parallel/coordinator.ts deals blocks out, parallel/subtask.ts shows the way of a record.

import { UsageError } from '../model/errors.ts';
import type { StageDefinition } from '../model/stage.ts';
import type { Job } from '../plan/job.ts';
import { planJob, type SourcePlan } from '../plan/plan.ts';
import { planFronts } from '../plan/fronts.ts';
import { planTasks } from '../plan/tasks.ts';
import { readText } from '../sources/text.ts';
import { memory } from '../wasm/memory.ts';
import { type Hooks, JobRun, type Planned } from './job-run.ts';
import { chooseParallelism, goesOnInOne, hasManySubtasks } from './parallel/choose.ts';
import { sourcesOf } from './pipeline.ts';
import { prepareStages } from './prepare.ts';
import type { Held } from './snapshots.ts';
import type { Summary } from './summary.ts';

/** Runs a job to its end. Throws WeirError; what came out before the error is written. */
export async function runJob(job: Job, table: readonly StageDefinition[], hooks: Hooks = {}): Promise<Summary> {
  const { plan, ...planned } = planRun(job, table);
  const { source } = plan;
  const sources = [source, ...sourcesOf(plan.stages)];
  refuseTwice(sources);
  await prepareStages(plan.stages);
  const start = (held?: Held) => inMemoryOfItsOwn(() => JobRun.open({ plan, ...planned }, hooks, held).all());
  if (job.options.snapshots !== undefined) return (await import('./take-snapshots.ts')).takeSnapshots(job, sources, hooks, start);
  if (job.options.eof === 'keep') throw new UsageError('--eof keep has nowhere to keep what is open', 'add --snapshots DIR');
  return start();
}

/** What a job takes of the kernels' memory is given back when it has ended. */
function inMemoryOfItsOwn(run: () => Promise<Summary>): Promise<Summary> {
  const { holder, result } = memory().hold(run);
  return result.finally(() => memory().release(holder));
}

function planRun(job: Job, table: readonly StageDefinition[]): Planned {
  const plan = planJob(job, table, readText);
  const parallelism = chooseParallelism(plan);
  if (parallelism === 1) return { plan, tasks: undefined, fronts: undefined, parallelism };
  if (goesOnInOne(plan)) return { ...planFronts(job, table, readText), tasks: undefined, parallelism };
  const tasks = planTasks(job, table, readText, hasManySubtasks(parallelism));
  return { plan: tasks.plan, tasks, fronts: undefined, parallelism };
}

/** stdin can be read once. */
function refuseTwice(sources: readonly SourcePlan[]): void {
  if (sources.filter(({ files }) => files.length === 0 || files.some((file) => file === '-' || file === '/dev/stdin')).length < 2) return;
  throw new UsageError('stdin is read by two inputs', 'name a file for one of them, or start RIGHT with `input`, a branch of this very stream');
}
