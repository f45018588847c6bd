// in: the ASSIGNS of `map` and `select`
// out: fields set, in the order in which they are written

import { barePath, type NamedExpr } from '../expr/ast.ts';
import { type CompiledValue, compileJson } from '../expr/compile.ts';
import type { Path } from '../model/column.ts';
import { TextError } from '../model/errors.ts';
import type { Point, StagePlan } from '../model/stage.ts';
import { setField } from './set-field.ts';
import { planRebuilt } from './rebuild.ts';

/** A stage that only says what fields are called: nothing is to be done for the records. */
export const passOn: StagePlan = {
  distribution: { kind: 'forward' },
  // An operator of its own, as what follows must not be asked for its state twice.
  create: ({ out }) => ({ push: (batch) => out.push(batch), end: () => out.end() }),
};

/** The name of a top-level field. Throws TextError for a field inside another. */
export function topLevel(path: Path, text: string): string {
  if (path.length !== 1) {
    const inner = String(path.at(-1));
    const at = Math.max(0, text.indexOf(inner));
    throw new TextError('only whole top-level fields can be named here', text, at, at + inner.length, `\`map\` can set '${String(path[0])}' to something without it`);
  }
  return String(path[0]);
}

/** A value to compute, and the register of the field that it sets. */
interface Step {
  readonly value: CompiledValue;
  readonly register: number;
}

/** @param closed only the fields that are set are kept (`select`) */
export function planAssignments(items: readonly NamedExpr[], point: Point, closed: boolean): StagePlan {
  if (items.some((item) => item.spread)) return planRebuilt(items, point, closed);
  const steps = items.flatMap((item) => assign(item, point));
  if (closed) point.only([...new Set(items.map((item) => item.name))]);
  if (steps.length === 0) return passOn;
  return {
    distribution: { kind: 'forward' },
    create: ({ out }) => ({
      push(batch) {
        for (const { value, register } of steps) setField(batch, value, register);
        out.push(batch);
      },
      end: () => out.end(),
    }),
  };
}

/** A bare field costs nothing: its tokens get another name. */
function assign(item: NamedExpr, point: Point): Step[] {
  const path = barePath(item);
  const ref = path && path.length > 0 ? point.field(path) : undefined;
  if (ref && ref.rest.length === 0) {
    point.alias(item.name, ref.register);
    return [];
  }
  const value = compileJson(item, point);
  return [{ value, register: point.assign(item.name, 'value').index }];
}
