// in: nothing
// out: what the coordinator and its subtasks tell each other about a block, beside its rows and lines

import { Exit, type GivenToCode, ModuleError, WeirError } from '../../model/errors.ts';
import type { WholeState } from '../../model/state.ts';
import type { StageHeld } from '../summary.ts';
import { type BadLine, type BadLines, recordError } from '../dead-letters.ts';

/** Why a subtask cannot go on. */
export interface Failure {
  readonly bad?: BadLine;
  /** of user code: what it was given; its line is numbered from 1 within the block */
  readonly given?: GivenToCode;
  readonly message: string;
  readonly exit: number;
  readonly help: string | undefined;
  readonly stack: string | undefined;
}

/** What the subtask that read a block has to say about it. */
export interface Taken {
  /** lines of the block, so that others know the numbers of theirs */
  readonly lines: number;
  readonly records: number;
  readonly bytes: number;
  /** lines that cannot be used, numbered from 1 within the block */
  readonly bad: readonly BadLine[];
  readonly failure?: Failure;
}

/** How much a subtask keeps. */
export interface SubtaskHeld {
  readonly subtask: number;
  readonly stages: readonly StageHeld[];
  /** of its process, at most */
  readonly memory: number;
}

/** State that is no key's, by the place of its operator. */
export type PlacedWholes = readonly (readonly [place: string, wholes: readonly WholeState[]])[];

/** What a subtask has to say beside the lines that it made of a block. */
export interface Made {
  /** records that stages could not use; lines are numbered from 1 within the block */
  readonly bad: readonly BadLine[];
  readonly records: number;
  /** the watermark behind what came of the block */
  readonly after: number;
  readonly late: number;
  readonly delay: number;
  readonly warnings: readonly string[];
  /** by aggregate call: values that it left out because they are no numbers */
  readonly skips: readonly (readonly [call: string, values: number])[];
  readonly held?: SubtaskHeld | undefined;
  /** of a front */
  readonly wholes?: PlacedWholes;
  readonly failure?: Failure;
}

/** A bad line that ends the job; its number is only known to the coordinator. */
class FatalLine extends Error {
  constructor(readonly bad: BadLine) {
    super(bad.reason);
  }
}

/** Bad lines of the block at hand. */
export class BlockLines implements BadLines {
  private lines: BadLine[] = [];

  constructor(readonly isFatal: boolean) {}

  take(bad: BadLine): void {
    if (this.isFatal) throw new FatalLine(bad);
    this.lines.push(bad);
  }

  takeAll(): BadLine[] {
    const { lines } = this;
    this.lines = [];
    return lines;
  }
}

export function failureOf(error: unknown): Failure {
  if (error instanceof FatalLine) return { bad: error.bad, message: '', exit: Exit.failed, help: undefined, stack: undefined };
  if (error instanceof ModuleError) return { given: error.given, message: error.message, exit: error.exit, help: undefined, stack: error.trace };
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const known = error instanceof WeirError ? error : undefined;
  return { message, exit: known?.exit ?? Exit.failed, help: known?.help, stack: known ? undefined : stack };
}

/** A bad line of a block as others know it. */
export function placed(bad: BadLine, source: string, firstLine: number): BadLine {
  return { ...bad, source, line: bad.line + firstLine - 1 };
}

/** The error as it would have been thrown in one process. @param firstLine number of the block's first line */
export function errorOf({ bad, given, message, exit, help, stack }: Failure, source: string, firstLine: number): Error {
  if (bad) return recordError(placed(bad, source, firstLine));
  if (given) return new ModuleError(message, given.line ? { text: given.text, source, line: given.line + firstLine - 1 } : given, stack);
  if (stack === undefined) return new WeirError(message, exit, help);
  const error = new Error(message);
  error.stack = stack;
  return error;
}
