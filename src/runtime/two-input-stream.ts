// in: two streams, and the operator in which they meet
// out: one stream, which pulls the side that the operator needs

import type { TwoInputOperator } from '../model/stage.ts';
import type { Stream } from './stream.ts';

/** Two inputs with sources of their own. Neither is read before it is needed. */
export class TwoInputStream implements Stream {
  constructor(
    private readonly operator: TwoInputOperator,
    private readonly left: Stream,
    private readonly right: Stream,
    private readonly signal: AbortSignal | undefined,
    /** what is open when input ends stays open (--eof keep) */
    private readonly keeps: boolean,
  ) {}

  async pull(): Promise<boolean> {
    const side = this.operator.advance();
    if (side === undefined) return false;
    const goesOn = await this[side].pull();
    if (this.signal?.aborted) return false;
    if (!goesOn && this.keeps) this.endForNow(side);
    return this.operator.advance() !== undefined;
  }

  /** Nothing more comes of this side in this run: the other one goes on. The watermark does not, as it would at a real end. */
  private endForNow(side: 'left' | 'right'): void {
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
