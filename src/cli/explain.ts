// in: the words behind `weir explain`
// out: the plan of the job: what is read, the tasks with their stages and edges, the state that they keep

import { Exit } from '../model/errors.ts';
import { stages } from '../operators/table.ts';
import { type Plan, type PlannedStage, planJob } from '../plan/plan.ts';
import { spellCall } from '../plan/usage.ts';
import { firstOperand, parseWords } from '../plan/words.ts';
import type { Call } from './call.ts';
import { readPipeline } from './run.ts';
import { print } from './terminal.ts';

export async function action({ words }: Call): Promise<number> {
  const at = firstOperand(words);
  const job = at >= 0 && words[at]!.endsWith('.weir') ? readPipeline(words) : parseWords(words, stages);
  print(explain(planJob(job, stages)));
  return Exit.done;
}

/** A line for the source, one for each stage with how records come to it, one for the sink. */
export function explain(plan: Plan): string {
  const lines = [...sourceLines(plan)];
  for (const [i, task] of tasksOf(plan.stages).entries()) {
    lines.push(`task ${i + 1}: ${edge(task[0]!)}`);
    for (const stage of task) lines.push(...stageLines(stage));
  }
  const { output, outputFormat } = plan.job.options;
  lines.push(`sink: ${output ?? 'stdout'} (${outputFormat})`);
  return `${lines.join('\n')}\n`;
}

function sourceLines({ job, format, input }: Plan): string[] {
  const [first] = job.stages;
  const files = first?.name === 'from' ? first.args : job.files;
  const fields = input.scannedNames();
  const reads = input.whole ? 'whole records' : fields.length > 0 ? fields.join(', ') : 'no fields';
  return [`source: ${files.length > 0 ? files.join(' ') : 'stdin'} (${format.kind})`, `  reads: ${reads}`];
}

/** Stages between two places where records are dealt out anew run together. */
function tasksOf(planned: readonly PlannedStage[]): PlannedStage[][] {
  const tasks: PlannedStage[][] = [];
  for (const stage of planned) {
    if (tasks.length > 0 && stage.plan.distribution.kind === 'forward') tasks.at(-1)!.push(stage);
    else tasks.push([stage]);
  }
  return tasks;
}

function edge({ plan: { distribution } }: PlannedStage): string {
  if (distribution.kind === 'hash') return `hash by ${distribution.keys?.join(', ')}`;
  return distribution.kind === 'single' ? 'all records to one subtask' : distribution.kind;
}

function stageLines({ call, plan }: PlannedStage): string[] {
  return [`  ${spellCall(call)}`, ...(plan.state ? [`    keeps: ${plan.state}`] : [])];
}
