// in: what went wrong and where
// out: errors that carry an exit code, a place and a remedy; src/cli alone prints them

/** Exit codes of the command, as DESIGN.md section 2 lists them. */
export const Exit = { done: 0, failed: 1, usage: 2, snapshot: 3, interrupted: 130, terminated: 143 } as const;

/** Any error that is meant for the person at the terminal. */
export class WeirError extends Error {
  constructor(
    message: string,
    /** exit code of the process */
    readonly exit: number = Exit.failed,
    /** what to do about it, a sentence without a full stop */
    readonly help?: string,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** The command line does not say a job that can be run (exit 2). */
export class UsageError extends WeirError {
  constructor(message: string, help?: string) {
    super(message, Exit.usage, help);
  }
}

/** A part of a text that the person typed is wrong: printed with a caret under [start, end) (exit 2). */
export class TextError extends UsageError {
  /** the stage whose text it is, such as `tumble`; set by the plan */
  stage?: string;
  constructor(
    message: string,
    readonly text: string,
    readonly start: number,
    readonly end: number,
    help?: string,
  ) {
    super(message, help);
  }
}

/** A line of input is no record, or has no usable time (exit 1 unless --on-error says otherwise). */
export class RecordError extends WeirError {
  constructor(
    /** why, such as `a string is not closed` */
    readonly reason: string,
    /** file name, or `stdin` */
    readonly source: string,
    /** counted from 1 */
    readonly line: number,
    /** the start of the line, for the person to recognise it */
    readonly excerpt: string,
  ) {
    super(`${source}:${line}: ${reason}`, Exit.failed, '--on-error skip leaves such lines out, --on-error FILE keeps them there');
  }
}

/** What user code was given when it threw an error. */
export interface GivenToCode {
  /** the record, or words for what was being done */
  readonly text: string;
  /** of a record: where it comes from */
  readonly source?: string;
  /** counted from 1; 0: nobody knows */
  readonly line?: number;
}

/** User code threw an error (exit 1). */
export class ModuleError extends WeirError {
  constructor(
    message: string,
    readonly given: GivenToCode,
    /** stack of what was thrown */
    readonly trace: string | undefined,
  ) {
    super(message);
  }

  get excerpt(): string {
    const { text, source, line = 0 } = this.given;
    return line > 0 ? `${source}:${line}: ${text}` : text;
  }
}
