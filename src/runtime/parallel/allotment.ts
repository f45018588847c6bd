// in: which subtasks have blocks at hand
// out: the one that gets the next block

/** Blocks that a subtask has at hand at most: one that it works on, others that it reads meanwhile. */
const AT_HAND = 6;
/** The coordinator has more to do than its blocks. */
const AT_HAND_HERE = 2;
/** Blocks under way at most, per subtask: dealt out, but what comes of them has not been taken. It bounds all queues. */
const UNDER_WAY = 10;

/** Blocks of each subtask; the first one is the coordinator's. */
export class Allotment {
  /** whether the others are there */
  areReady = false;
  /** by subtask: blocks that were dealt to it and have not been read */
  private readonly atHand: number[];

  constructor(private readonly parallelism: number) {
    this.atHand = new Array<number>(parallelism).fill(0);
  }

  /** The subtask with the least at hand; -1: none may have more. Children go first. @param underWay blocks whose results have not been taken */
  free(underWay: number): number {
    if (underWay > UNDER_WAY * this.parallelism) return -1;
    let best = -1;
    for (let i = this.areReady ? this.parallelism - 1 : 0; i >= 0; i--) {
      if (this.atHand[i]! < (i === 0 ? AT_HAND_HERE : AT_HAND) && (best < 0 || this.atHand[i]! < this.atHand[best]!)) best = i;
    }
    return best;
  }

  dealt(subtask: number): void {
    this.atHand[subtask]!++;
  }

  read(subtask: number): void {
    this.atHand[subtask]!--;
  }
}
