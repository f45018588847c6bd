// in: a stage's point, and its other input
// out: how the two are read and taken

import type { Expr } from '../../expr/ast.ts';
import { parseExpression } from '../../expr/parse.ts';
import type { Path } from '../../model/column.ts';
import type { Point, RightInput } from '../../model/stage.ts';
import { type KeyPlan, planExpressions } from '../groups/keys.ts';
import type { InputPlan } from './input-rows.ts';
import type { MergePlan } from './branch-merge.ts';

/** How two inputs meet: what is the same for all kinds of join. */
export interface Meet {
  readonly right: RightInput;
  readonly left: InputPlan;
  readonly rightInput: InputPlan;
  readonly merge: MergePlan;
}

/** The field as an expression. */
function pathExpr(path: Path): Expr {
  return parseExpression(`$${path.map((key) => `[${JSON.stringify(key)}]`).join('')}`);
}

/** Plans how the inputs are read; `point` still stands in front of the stage. */
export function planMeet(point: Point, right: RightInput, on: { left: readonly Path[]; right: readonly Path[] } | undefined): Meet {
  const keys = (paths: readonly Path[] | undefined, at: Point): KeyPlan | undefined => (paths && paths.length > 0 ? planExpressions(paths.map(pathExpr), at) : undefined);
  return planInputs(point, right, { left: keys(on?.left, point), right: keys(on?.right, right.point) }, 'left');
}

/** The same for records that all keys are to see: only those of the left input have one, which may be null. */
export function planBroadcast(point: Point, right: RightInput, keys: KeyPlan): Meet {
  const meet = planInputs(point, right, { left: keys, right: undefined }, 'right');
  return { ...meet, left: { ...meet.left, takesNull: true } };
}

/** @param first which input is read to its end first, where they have no event time to go by */
function planInputs(point: Point, right: RightInput, keys: { left: KeyPlan | undefined; right: KeyPlan | undefined }, first: 'left' | 'right'): Meet {
  const order = right.isBranch ? 'record' : point.timed && right.point.timed ? 'time' : first;
  const input = (isLeft: boolean, at: Point): InputPlan => {
    return { isLeft, keys: isLeft ? keys.left : keys.right, writer: at.writer(), keepsGhosts: order !== 'left', isWindowed: at.windowed };
  };
  return { right, left: input(true, point), rightInput: input(false, right.point), merge: { order, isExact: right.isExact, feed: right.feed } };
}
