// in: a table in kernel memory
// out: the groups of one window, pane or stage: the table, and what its accumulators keep in JavaScript

import type { HeldState } from '../../model/state.ts';
import { heldList, NOTHING, sumHeld } from '../../state/held.ts';
import { memory } from '../../wasm/memory.ts';

/** The groups of one window, pane or stage. */
export class Groups {
  /** by call: the accumulators' states by slot, of calls that have no kernel */
  readonly states: (unknown[] | undefined)[];
  /** by call: states of what did not fit into kernel memory, by slot */
  readonly wide: (Map<number, unknown> | undefined)[];

  /** while they are being saved: is told of a slot that is about to change */
  frozen: { keep(slot: number): void } | undefined;

  constructor(
    readonly table: number,
    /** by call: whether it has no kernel */
    others: readonly boolean[],
  ) {
    this.states = others.map((other) => (other ? [] : undefined));
    this.wide = others.map(() => undefined);
  }

  get size(): number {
    return memory().kernels.tableCount(this.table);
  }

  held(): HeldState {
    const beside = sumHeld([...this.states, ...this.wide].map((states) => (states === undefined ? NOTHING : heldList(states.values(), Array.isArray(states) ? states.length : states.size))));
    return { keys: this.size, bytes: memory().kernels.tableBytes(this.table) + beside.bytes };
  }

  /** Forgets what is kept beside the table. */
  clear(): void {
    this.states.forEach((states) => states && (states.length = 0));
    this.wide.fill(undefined);
  }

  wideOf(call: number): Map<number, unknown> {
    return (this.wide[call] ??= new Map());
  }
}
