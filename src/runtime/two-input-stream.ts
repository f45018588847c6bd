// in: two streams, and the operator in which they meet
// out: one stream, which pulls the side that the operator needs

import type { IdleSides, Side, TwoInputOperator } from '../model/stage.ts';
import type { Stream } from './stream.ts';

interface Pulled {
  readonly from: Side;
  readonly goesOn: boolean;
}

/** Two inputs with sources of their own. Neither is read before it is needed. */
export class TwoInputStream implements Stream {
  /** pulls that nobody has taken the result of; a side that is silent may keep one waiting while the other one goes on */
  private readonly pulls = new Map<Side, Promise<Pulled>>();
  private readonly ended = { left: false, right: false };

  constructor(
    private readonly operator: TwoInputOperator,
    private readonly left: Stream,
    private readonly right: Stream,
    private readonly signal: AbortSignal | undefined,
    /** what is open when input ends stays open (--eof keep) */
    private readonly keeps: boolean,
  ) {}

  async pull(): Promise<boolean> {
    const side = this.operator.advance(this.idle);
    if (side === undefined) return false;
    const { from, goesOn } = await this.next(side);
    this.pulls.delete(from);
    if (this.signal?.aborted) return false;
    if (!goesOn) this.ended[from] = true;
    if (!goesOn && this.keeps) this.endForNow(from);
    return this.operator.advance(this.idle) !== undefined;
  }

  /** The result of a pull on this side, or on the other one, if that has been silent: whichever comes first. */
  private next(side: Side): Promise<Pulled> {
    const other = side === 'left' ? 'right' : 'left';
    this.begin(side);
    if (this.idle[other]) this.begin(other);
    return Promise.race(this.pulls.values());
  }

  private begin(from: Side): void {
    if (this.pulls.has(from) || this.ended[from]) return;
    const pulled = this[from].pull().then((goesOn) => ({ from, goesOn }));
    // Whoever races sees it; nobody may by then.
    pulled.catch(() => {});
    this.pulls.set(from, pulled);
  }

  private get idle(): IdleSides {
    return { left: this.isSilent('left'), right: this.isSilent('right') };
  }

  private isSilent(side: Side): boolean {
    return !this.ended[side] && this[side].isIdle === true;
  }

  get isIdle(): boolean {
    return (this.isSilent('left') || this.ended.left) && (this.isSilent('right') || this.ended.right);
  }

  /** Nothing more comes of this side in this run: the other one goes on. The watermark does not, as it would at a real end. */
  private endForNow(side: Side): void {
    if (side === 'left') this.operator.end();
    else this.operator.right.end();
  }

  get isBusy(): boolean {
    return this.left.isBusy === true || this.right.isBusy === true;
  }

  /** The left side is given its records; of the right one so much is read as they ask for. */
  async settle(): Promise<void> {
    await this.left.settle!();
    while (this.operator.advance() === 'right' && !this.signal?.aborted) await this.right.pull();
  }

  save(): unknown {
    return { left: this.left.save(), right: this.right.save(), pending: this.operator.savePending() };
  }

  async load(saved: unknown): Promise<void> {
    const { left, right, pending } = saved as { left: unknown; right: unknown; pending: unknown };
    await this.left.load(left);
    await this.right.load(right);
    this.operator.loadPending(pending);
  }
}
