// in: the files of this room
// out: what other rooms use of it

export { barePath, type Expr, type NamedExpr, negated } from './ast.ts';
export type { AggregateArgument, AggregateCall } from './aggregates/call.ts';
export type { Accumulator, AggregateDefinition } from './aggregates/definition.ts';
export { average } from './aggregates/numbers.ts';
export { type AggregateOptions, type AggregatePlan, compileAggregates } from './aggregates/plan.ts';
export { AggregateStates, type GroupState } from './aggregates/states.ts';
export { DecimalSum, printedSum } from './aggregates/sum.ts';
export { AGGREGATES } from './aggregates/table.ts';
export { canonicalJson, canonicalKey, canonicalKeys, compareStrings, jsonBytes } from './canonical.ts';
export {
  type CompiledFlags,
  type CompiledNumbers,
  type CompiledPredicate,
  type CompiledValue,
  compileExact,
  compileFlags,
  compileJson,
  compileNumbers,
  compilePredicate,
  compileValue,
  type ExprScope,
} from './compile.ts';
export { type Decimal, parseDecimal } from './decimal.ts';
export type { FunctionDefinition } from './functions/definition.ts';
export { FUNCTIONS } from './functions/table.ts';
export { parseIso, toTime } from './iso.ts';
export { compareValues, isNothing } from './order.ts';
export { parseAssignments, parseExpression, parseExpressions, parseFields, parseKeys, parseNamed, parsePairs } from './parse.ts';
export {
  addDays,
  addMonths,
  dayStart,
  isZone,
  localDay,
  localMonth,
  localWeek,
  monthStart,
  startOfDay,
  startOfMonth,
  startOfWeek,
  toInstant,
  toLocal,
  weekStart,
  type Zone,
  zoneOf,
} from './zone.ts';
