// in: a stage's point, and its other input
// out: how the two are read and taken

import type { Expr } from '../../expr/ast.ts';
import { parseExpression } from '../../expr/parse.ts';
import type { Path } from '../../model/column.ts';
import type { Point, RightInput } from '../../model/stage.ts';
import { type KeyPlan, planExpressions } from '../groups/keys.ts';
import type { InputPlan } from './input-rows.ts';
import type { MergePlan } from './merge.ts';

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
  const order = right.isBranch ? 'record' : point.timed && right.point.timed ? 'time' : 'left';
  const keys = (paths: readonly Path[] | undefined, at: Point): KeyPlan | undefined => (paths && paths.length > 0 ? planExpressions(paths.map(pathExpr), at) : undefined);
  const input = (isLeft: boolean, at: Point): InputPlan => {
    return { isLeft, keys: keys(isLeft ? on?.left : on?.right, at), writer: at.writer(), keepsGhosts: order !== 'left', isWindowed: at.windowed };
  };
  return {
    right,
    left: input(true, point),
    rightInput: input(false, right.point),
    merge: { order, isExact: right.isExact, feed: right.feed },
  };
}
