// in: the words behind `weir explain`
// out: the plan of the job: what is read, the tasks with their stages and edges, the state that they keep

import { Exit } from '../model/errors.ts';
import type { StageCall } from '../model/stage.ts';
import { stages } from '../operators/table.ts';
import { filesOf, type Plan, type PlannedStage, planJob, type RightPlan, type SourcePlan } from '../plan/plan.ts';
import { firstOperand, parseWords } from '../plan/words.ts';
import { readText } from '../sources/text.ts';
import type { Call } from './call.ts';
import { readPipeline } from './run.ts';
import { print } from './terminal.ts';

export async function action({ words }: Call): Promise<number> {
  const at = firstOperand(words);
  const job = at >= 0 && words[at]!.endsWith('.weir') ? readPipeline(words) : parseWords(words, stages);
  print(explain(planJob(job, stages, readText)));
  return Exit.done;
}

/** A line for the source, one for each stage with how records come to it, one for the sink. */
export function explain(plan: Plan): string {
  const lines = [...sourceLines({ files: filesOf(plan.job), format: plan.format, layout: plan.input }), ...taskLines(plan.stages)];
  const { output, outputFormat } = plan.job.options;
  lines.push(`sink: ${output ?? 'stdout'} (${outputFormat})`);
  return `${lines.join('\n')}\n`;
}

function sourceLines({ files, format, layout }: SourcePlan): string[] {
  const fields = layout.scannedNames();
  const reads = layout.whole ? 'whole records' : fields.length > 0 ? fields.join(', ') : 'no fields';
  return [`source: ${files.length > 0 ? files.join(' ') : 'stdin'} (${format.kind})`, `  reads: ${reads}`];
}

function taskLines(stages: readonly PlannedStage[]): string[] {
  return tasksOf(stages).flatMap((task, i) => [`task ${i + 1}: ${edge(task[0]!)}`, ...task.flatMap(stageLines)]);
}

/** The other input of a stage, which meets the stream there. */
function rightLines({ source, stages }: RightPlan): string[] {
  const lines = [...(source ? sourceLines(source) : ['the stream itself']), ...taskLines(stages)];
  return lines.map((line, i) => (i === 0 ? `    right: ${line}` : `      ${line}`));
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
  return [`  ${spellCall(call)}`, ...(plan.state ? [`    keeps: ${plan.state}`] : []), ...(plan.right ? rightLines(plan.right as RightPlan) : [])];
}

/** The call as it would be typed. */
function spellCall({ name, args, options }: StageCall): string {
  const given = Object.entries(options).flatMap(([option, value]) => {
    if (value === undefined) return [];
    return value === true ? [`--${option}`] : [value].flat().flatMap((v) => [`--${option}`, v as string]);
  });
  return [name, ...args, ...given].map(quote).join(' ');
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
