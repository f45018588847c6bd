// in: a job that goes wrong
// out: a smaller one that goes wrong, too

import type { Case } from './pipelines.ts';

/** Smaller jobs to try, the boldest first. */
function* candidates(job: Case): Generator<Case> {
  for (const stages of without(job.stages, 1)) if (stages.length > 0) yield { ...job, stages };
  for (const lines of fewer(job.lines)) yield { ...job, lines };
  for (const right of fewer(job.right)) yield { ...job, right };
  yield* fewerWords(job);
  if (job.blockBytes < 65536) yield { ...job, blockBytes: 65536 };
  if (job.batchRows < 2048) yield { ...job, batchRows: 2048 };
  if (job.parallelism !== undefined) yield { ...job, parallelism: undefined };
}

/** The list without halves of it, quarters, … single lines. */
function* fewer(list: readonly string[]): Generator<string[]> {
  for (let chunk = Math.ceil(list.length / 2); chunk >= 1; chunk = chunk === 1 ? 0 : Math.ceil(chunk / 2)) yield* without(list, chunk);
}

/** The list without each run of `chunk` items. */
function* without<T>(list: readonly T[], chunk: number): Generator<T[]> {
  for (let at = 0; at < list.length; at += chunk) yield [...list.slice(0, at), ...list.slice(at + chunk)];
}

/** Without an option, or an item of a list. */
function* fewerWords(job: Case): Generator<Case> {
  for (const options of fewerOptions(job.options)) yield { ...job, options };
  for (const [i, stage] of job.stages.entries()) {
    const replace = (words: readonly string[]) => ({ ...job, stages: job.stages.map((s, j) => (i === j ? words : s)) });
    for (const words of fewerOptions(stage)) yield replace(words);
    for (const [j, word] of stage.entries()) {
      const items = word.split(', ');
      if (items.length > 1) for (const left of without(items, 1)) yield replace(stage.map((w, n) => (n === j ? left.join(', ') : w)));
    }
  }
}

function* fewerOptions(words: readonly string[]): Generator<string[]> {
  for (const [i, word] of words.entries()) {
    if (!word.startsWith('--')) continue;
    const value = words[i + 1] !== undefined && !words[i + 1]!.startsWith('--') ? 2 : 1;
    yield [...words.slice(0, i), ...words.slice(i + value)];
  }
}

/** Goes on as long as something smaller goes wrong; gives up after `tries`. */
export function shrink(job: Case, isWrong: (job: Case) => boolean, tries = 300): Case {
  for (;;) {
    const smaller = firstWrong(job, isWrong, () => tries-- > 0);
    if (!smaller) return job;
    job = smaller;
  }
}

function firstWrong(job: Case, isWrong: (job: Case) => boolean, goOn: () => boolean): Case | undefined {
  for (const candidate of candidates(job)) {
    if (!goOn()) return undefined;
    if (isWrong(candidate)) return candidate;
  }
  return undefined;
}
