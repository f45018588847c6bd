// in: the word behind --type
// out: what becomes of pairs and of records without a partner

import { UsageError } from '../../model/errors.ts';

export const TYPES = ['inner', 'left', 'right', 'full', 'semi', 'anti'] as const;
export type JoinType = (typeof TYPES)[number];

/** What comes out of a join. */
export interface JoinRules {
  readonly type: JoinType;
  /** pairs do */
  readonly pairs: boolean;
  /** left records without a partner do */
  readonly leftAlone: boolean;
  /** right records without a partner do */
  readonly rightAlone: boolean;
}

/** @param known types that this kind of join can do; `kind`: what it is called. Throws UsageError. */
export function joinRules(word: string, kind: string, known: readonly JoinType[] = TYPES): JoinRules {
  const type = known.find((t) => t === word);
  if (!type) throw new UsageError(`${kind} knows no --type ${word}`, `one of ${known.join(', ')}`);
  return {
    type,
    pairs: type !== 'semi' && type !== 'anti',
    leftAlone: type === 'left' || type === 'full' || type === 'anti',
    rightAlone: type === 'right' || type === 'full',
  };
}
