// in: nothing
// out: what is known of the records at one place of a pipeline, while its stages are built

import type { Job } from './stage.ts';
import type { Options } from './words.ts';

/** Files by name; `-` is stdin. */
export type Files = Readonly<Record<string, string>>;

/** What a second source of a job inherits. */
export interface Env {
  readonly job: Job;
  readonly options: Options;
  readonly files: Files;
}

export interface Point {
  readonly env: Env;
  readonly job: Job;
  timed: boolean;
  windowed: boolean;
  /** KEYS of the `key-by` before */
  keyBy: string | undefined;
}
