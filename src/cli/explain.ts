// in: the words behind `weir explain`
// out: the plan of the job: what is read, the tasks with their stages and edges, the state that they keep

import { Exit } from '../model/errors.ts';
import { stages } from '../operators/table.ts';
import { planFronts } from '../plan/fronts.ts';
import { planJob, type PlannedStage, type RightPlan, type SourcePlan } from '../plan/plan.ts';
import { keyedSubtasks, planTasks, type TaskPlan } from '../plan/tasks.ts';
import { spellCall } from '../plan/usage.ts';
import { firstOperand, parseWords } from '../plan/words.ts';
import { chooseParallelism, goesOnInOne, hasManySubtasks } from '../runtime/parallel/choose.ts';
import { readText } from '../sources/text.ts';
import type { Call } from './call.ts';
import { readPipeline } from './run.ts';
import { print } from './terminal.ts';

export async function action(call: Call): Promise<number> {
  const words = withoutRun(call.words);
  const at = firstOperand(words);
  const job = at >= 0 && words[at]!.endsWith('.weir') ? readPipeline(words) : parseWords(words, stages);
  const plan = planJob(job, stages, readText);
  const parallelism = chooseParallelism(plan);
  const tasks = parallelism > 1 && goesOnInOne(plan) ? planFronts(job, stages, readText).fronts[0]!.tasks : planTasks(job, stages, readText, hasManySubtasks(parallelism));
  print(explain(tasks, parallelism));
  return Exit.done;
}

/** Of a command line that is there already, `explain` may stand before all of it. */
function withoutRun(words: readonly string[]): readonly string[] {
  const at = firstOperand(words);
  return at >= 0 && words[at] === 'run' && words[at + 1]?.endsWith('.weir') ? [...words.slice(0, at), ...words.slice(at + 1)] : words;
}

/** The source, the tasks with how records come to each and how many subtasks it has, the sink. */
export function explain(tasks: TaskPlan, parallelism: number): string {
  const { plan, blocks, keyed, rest } = tasks;
  const keyedSubtaskCount = keyedSubtasks(tasks, parallelism);
  const parts = [
    ...atHints(blocks).map((stages) => ({ stages, edge: stages[0] && isRebalance(stages[0]) ? 'rebalance' : 'forward', subtasks: parallelism })),
    { stages: keyed, edge: keyed.length > 0 ? edgeOf(keyed[0]!) : '', subtasks: keyedSubtaskCount },
    { stages: rest, edge: rest.length > 0 ? edgeOf(rest[0]!) : '', subtasks: 1 },
  ];
  const lines = sourceLines(plan.source);
  const isOnDisk = plan.job.options.state === 'level';
  let number = 0;
  for (const { stages: inner, edge, subtasks } of parts.filter((part) => part.stages.length > 0)) {
    lines.push(`task ${++number} (${subtasks} subtask${subtasks === 1 ? '' : 's'}): ${edge}`, ...inner.flatMap((stage) => [...stageLines(stage, isOnDisk, parallelism), ...(parallelism > 1 && stage === tasks.receiving ? combineLines(stage) : [])]));
  }
  const { output, outputFormat } = plan.job.options;
  lines.push(`sink: ${output ?? 'stdout'} (${outputFormat})`);
  return `${lines.join('\n')}\n`;
}

const isRebalance = ({ plan }: PlannedStage) => plan.distribution.kind === 'rebalance';

/** The stages, cut in front of each that says `rebalance`. */
function atHints(stages: readonly PlannedStage[]): PlannedStage[][] {
  const parts: PlannedStage[][] = [[]];
  for (const stage of stages) {
    if (isRebalance(stage)) parts.push([]);
    parts.at(-1)!.push(stage);
  }
  return parts;
}

function sourceLines({ files, format, layout }: SourcePlan): string[] {
  const fields = layout.scannedNames();
  const reads = layout.whole ? 'whole records' : fields.length > 0 ? fields.join(', ') : 'no fields';
  return [`source: ${files.length > 0 ? files.join(' ') : 'stdin'} (${format.kind})`, `  reads: ${reads}`];
}

function edgeOf({ plan: { distribution } }: PlannedStage): string {
  const { kind, keys = [] } = distribution;
  if (kind === 'rebalance' || kind === 'broadcast') return kind;
  return kind === 'hash' && keys.length > 0 ? `hash by ${keys.join(', ')}` : 'all records to one subtask, in order';
}

function stageLines({ call, plan }: PlannedStage, isOnDisk: boolean, parallelism: number): string[] {
  const where = isOnDisk && plan.isEvictable ? ', on disk' : '';
  return [`  ${spellCall(call)}`, ...(plan.state ? [`    keeps: ${plan.state}${where}`] : []), ...(plan.right ? rightLines(plan.right as RightPlan, isOnDisk, parallelism) : [])];
}

/** What comes over the edge in front of a stage. */
function combineLines({ plan }: PlannedStage): string[] {
  return plan.combine ? ['    gets: what the records of a block add up to, where keys repeat; otherwise the records'] : [];
}

/** The other input of a stage with two. */
function rightLines({ source, stages: inner, front }: RightPlan, isOnDisk: boolean, parallelism: number): string[] {
  const from = source ? sourceLines(source) : ['the stream itself'];
  const stages = inner.map((stage) => stageLines(stage, isOnDisk, parallelism));
  if (front) stages.splice(front.before, 0, ['  all records to one subtask, in order']);
  const subtasks = front ? ` (${parallelism} subtasks)` : '';
  return [...from, ...stages.flat()].map((line, i) => `    ${i === 0 ? `right${subtasks}: ` : '  '}${line}`);
}
