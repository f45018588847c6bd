// in: what happens while a job runs
// out: its figures

import type { HeldState } from '../model/state.ts';

/** How much a stage keeps: when input ended, before what was open came out; and the most of all looks at it. */
export interface StageHeld extends HeldState {
  /** as it was typed */
  readonly stage: string;
  readonly peak_keys: number;
  readonly peak_bytes: number;
}

/** What is only measured for --stats. */
interface Measured {
  /** bytes of memory (resident set) at most, of all processes */
  memory?: number;
  /** those that keep anything, in order */
  stages?: readonly StageHeld[];
}

/** What snapshots of this run cost. */
export interface SnapshotFigures {
  taken: number;
  /** the longest time for which the job stood still for one */
  pause_ms: number;
}

/** What a job did; `--stats` writes it as JSON. */
export interface Summary extends Measured {
  /** records read */
  records: number;
  /** bytes read */
  bytes: number;
  /** records written to the main output */
  written: number;
  /** records that came too late for all their windows */
  late: number;
  /** ms: the least --delay that would have kept all late records; 0: none was late */
  delay: number;
  /** lines that were left out or set aside, as --on-error said */
  rejected: number;
  /** nobody read the output to its end (`| head`) */
  isCut: boolean;
  /** of jobs that take snapshots */
  snapshots?: SnapshotFigures;
}

export const emptySummary = (): Summary => ({ records: 0, bytes: 0, written: 0, late: 0, delay: 0, rejected: 0, isCut: false });
