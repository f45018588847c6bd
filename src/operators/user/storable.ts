// in: a value that user code wants to keep
// out: nothing, or an error that names the state, where a snapshot could not give the same value back

/** Nested deeper than this, the structured clone itself is asked. */
const DEEPEST = 50;

const CLONED = [Date, RegExp, Map, Set, ArrayBuffer, Boolean, Number, String] as const;

/** Throws TypeError for functions, symbols, promises and instances of classes, wherever they are in the value. */
export function checkStorable(state: string, value: unknown): void {
  if (typeof value === 'object' ? value !== null : typeof value === 'function' || typeof value === 'symbol') check(state, value, 0);
}

function check(state: string, value: unknown, depth: number): void {
  if (typeof value === 'function') throw refusal(state, value.name ? `the function ${value.name}` : 'a function');
  if (typeof value === 'symbol') throw refusal(state, 'a symbol');
  if (typeof value !== 'object' || value === null) return;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (depth > DEEPEST) clone(state, value);
  else if (Array.isArray(value)) for (const element of value) check(state, element, depth + 1);
  else if (prototype === Object.prototype || prototype === null) for (const name in value) check(state, (value as Record<string, unknown>)[name], depth + 1);
  else if (ArrayBuffer.isView(value) || CLONED.some((known) => value instanceof known)) clone(state, value);
  else throw refusal(state, `an instance of ${value.constructor?.name ?? 'a class'}`);
}

/** A copy of its own. Throws TypeError naming the state. */
export function clone(state: string, value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'number' || value === null) return value;
  try {
    return structuredClone(value);
  } catch (error) {
    throw refusal(state, `this value (${(error as Error).message})`);
  }
}

function refusal(state: string, what: string): TypeError {
  return new TypeError(`state '${state}' cannot hold ${what}: it is kept in snapshots, which know plain data only`);
}
