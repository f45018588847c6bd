// in: the inputs of a run, and how far those of an earlier run were read
// out: which is which

import { Exit, WeirError } from '../model/errors.ts';
import { isSameFile } from '../sources/position.ts';
import { otherInput } from '../sources/failure.ts';
import type { Input } from '../sources/rules.ts';
import type { SavedInput } from './input-track.ts';

export interface Matches {
  readonly found: ReadonlyMap<Input, SavedInput>;
  /** read to their end by an earlier run, and not named now */
  readonly past: readonly SavedInput[];
}

/**
 * Finds each input among those that were read before: files by device, inode and first bytes, pipes in their order.
 * Throws WeirError (exit 3) where one that is not finished is missing, or has become another.
 */
export function matchInputs(inputs: readonly Input[], saved: readonly SavedInput[]): Matches {
  const isFollowed = inputs.some((input) => input.kind === 'follow');
  if (saved.some(({ position, offset }) => offset > 0 && (position.kind === 'follow') !== isFollowed)) throw new WeirError(`the snapshot was taken ${isFollowed ? 'without' : 'with'} --follow`, Exit.snapshot, `run it ${isFollowed ? 'without' : 'with'} -F again, or start anew with --fresh`);
  const left = [...saved];
  const found = new Map<Input, SavedInput>();
  for (const input of inputs) {
    const at = left.findIndex((s) => isOf(s, input));
    if (at < 0) continue;
    const [match] = left.splice(at, 1) as [SavedInput];
    if (input.isAt(match.position)) found.set(input, match);
    // An inode may be given to another file, or a file be written anew: that is a new input, if nothing was left of the old one.
    else if (!match.ended && match.offset > 0) throw otherInput(input.name, 'starts with other bytes');
  }
  for (const one of left) if (!one.ended) refuseMissing(one, inputs, found);
  return { found, past: left.filter((one) => one.ended) };
}

function isOf({ position }: SavedInput, input: Input): boolean {
  return position.kind === input.kind && (input.kind !== 'file' || isSameFile(position.identity, input.identity));
}

/** One that was never begun may have been replaced by another of its name. */
function refuseMissing({ name, offset }: SavedInput, inputs: readonly Input[], found: ReadonlyMap<Input, SavedInput>): void {
  const namesake = inputs.find((input) => input.name === name && !found.has(input));
  if (namesake && offset === 0) return;
  if (namesake) throw otherInput(name, `is another file now; ${offset} bytes of the one before had been read`);
  throw new WeirError(
    `${name} was left unfinished at byte ${offset}, and is not among the inputs`,
    Exit.snapshot,
    'name it again, beside what else there is to read, or start anew with --fresh',
  );
}
