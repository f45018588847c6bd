// in: the operators of a job
// out: how much each of them keeps, now and at most

import type { Operator, StageCall } from '../model/stage.ts';
import type { JobOptions } from '../plan/job.ts';
import { spellCall } from '../plan/usage.ts';
import type { StageHeld } from './summary.ts';

/** Looking takes at most this part of the time. */
const SHARE = 0.02;
const LEAST_MS = 100;

interface Metered {
  readonly place: string;
  readonly stage: string;
  readonly operator: Operator;
  keys: number;
  bytes: number;
  peakKeys: number;
  peakBytes: number;
}

/** Looks at operators now and then; of what comes and goes between two looks it knows nothing. */
export class StateMeter {
  private readonly metered: Metered[] = [];
  private next = 0;

  /** @param place of the operator in the pipeline, such as `2` or `2.right.0` */
  add(place: string, call: StageCall, operator: Operator): void {
    if (operator.held) this.metered.push({ place, stage: spellCall(call), operator, keys: 0, bytes: 0, peakKeys: 0, peakBytes: 0 });
  }

  get isEmpty(): boolean {
    return this.metered.length === 0;
  }

  /** To be called between two blocks. */
  lookIfDue(): void {
    if (performance.now() >= this.next) this.look();
  }

  look(): void {
    const began = performance.now();
    for (const each of this.metered) {
      const { keys, bytes } = each.operator.held!();
      each.keys = keys;
      each.bytes = bytes;
      each.peakKeys = Math.max(each.peakKeys, keys);
      each.peakBytes = Math.max(each.peakBytes, bytes);
    }
    const ended = performance.now();
    this.next = ended + Math.max(LEAST_MS, (ended - began) / SHARE);
  }

  /** In the order of the pipeline. */
  get figures(): StageHeld[] {
    const sorted = this.metered.toSorted((a, b) => a.place.localeCompare(b.place, 'en', { numeric: true }));
    return sorted.map(({ stage, keys, bytes, peakKeys, peakBytes }) => ({ stage, keys, bytes, peak_keys: peakKeys, peak_bytes: peakBytes }));
  }
}

/** Whether somebody wants to know how much stages keep. */
export const isMetered = ({ stats, verbose }: JobOptions) => stats !== undefined || verbose;

/** The figures of several processes. What each held at most need not have been at the same time. */
export function addFigures(all: readonly (readonly StageHeld[])[]): StageHeld[] {
  const [first = [], ...rest] = all;
  return first.map((stage, i) => rest.reduce((sum, figures) => added(sum, figures[i]!), stage));
}

function added(a: StageHeld, b: StageHeld): StageHeld {
  return { stage: a.stage, keys: a.keys + b.keys, bytes: a.bytes + b.bytes, peak_keys: a.peak_keys + b.peak_keys, peak_bytes: a.peak_bytes + b.peak_bytes };
}

/** Bytes that this process had in memory at most. */
export const peakMemory = () => process.resourceUsage().maxRSS * 1024;
