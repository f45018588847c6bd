// in: a method's arguments
// out: the words of a stage as the command line would have them, checked

import { UsageError } from '../model/errors.ts';
import type { OptionSpec, StageCall, StageDefinition } from '../model/stage.ts';
import { didYouMean } from '../model/suggest.ts';
import { isClosed, usageOf } from '../plan/usage.ts';

/** `allowedLateness` → `allowed-lateness` */
export const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
/** `count-window` → `countWindow` */
export const camel = (name: string) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Throws UsageError for what the stage does not take. */
export function stageCall(definition: StageDefinition, given: readonly unknown[]): StageCall {
  const { name, arguments: specs } = definition;
  const [values, options] = [given.slice(0, specs.length), given[specs.length]];
  const usage = `usage: ${usageOf(definition)}`;
  if (given.length > specs.length + 1) throw new UsageError(`${name}: ${given.length} arguments are too many`, usage);
  const missing = specs.find((spec, i) => !spec.optional && values[i] === undefined);
  if (missing) throw new UsageError(`${name}: ${missing.name} is missing: ${missing.help}`, usage);
  const code = values.find((value, i) => isModule(specs[i]!.name, value));
  const args = values.flatMap((value, i) => {
    if (value === undefined) return [];
    if (value === code) return ['(given by the program)'];
    return specs[i]!.variadic && Array.isArray(value) ? value.map((v) => textOf(v, `${name}: ${specs[i]!.name}`)) : [textOf(value, `${name}: ${specs[i]!.name}`)];
  });
  return { name, args, options: optionsOf(definition.options, (options ?? {}) as object, name), ...(code !== undefined && { module: code }) };
}

/** Code in the place of a module's name. */
function isModule(argument: string, value: unknown): boolean {
  return argument === 'MODULE' && (typeof value === 'function' || (typeof value === 'object' && value !== null));
}

/** Options by name as the command line has them. @param of whose they are, for messages */
export function optionsOf(specs: readonly OptionSpec[], given: object, of: string): Record<string, string | true | string[]> {
  if (typeof given !== 'object' || Array.isArray(given)) throw new UsageError(`${of}: options are an object, such as { by: 'path' }`);
  const options: Record<string, string | true | string[]> = {};
  for (const [key, value] of Object.entries(given)) {
    const spec = specs.find((s) => s.name === kebab(key));
    if (!spec) throw new UsageError(`${of}: unknown option '${key}'`, didYouMean(key, specs.map((s) => camel(s.name))) ?? `it has ${specs.map((s) => camel(s.name)).join(', ') || 'none'}`);
    const typed = value === undefined || value === false ? undefined : optionValue(spec, value, `${of}: ${key}`);
    if (typed !== undefined) options[spec.name] = typed;
  }
  return options;
}

function optionValue(spec: OptionSpec, value: unknown, of: string): string | true | string[] {
  if (spec.value === undefined) {
    if (value !== true) throw new UsageError(`${of} is true or false, not ${String(value)}`);
    return true;
  }
  if (spec.repeat) return listOf(value, of);
  const text = spec.value === 'DUR' && typeof value === 'number' ? `${value}ms` : textOf(value, of);
  if (isClosed(spec) && !spec.choices!.includes(text)) throw new UsageError(`${of} does not know '${text}'`, didYouMean(text, spec.choices!) ?? `one of ${spec.choices!.join(', ')}`);
  return text;
}

/** Of an option that repeats: one word, several, or `{ name: 'FILE' }` for `name=FILE`. */
function listOf(value: unknown, of: string): string[] {
  if (Array.isArray(value)) return value.map((v) => textOf(v, of));
  if (typeof value !== 'object' || value === null) return [textOf(value, of)];
  return Object.entries(value).map(([name, v]) => `${name}=${textOf(v, of)}`);
}

/** See `Text` in types.ts. */
function textOf(value: unknown, of: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || value instanceof String) return String(value);
  if (Array.isArray(value)) return value.map((v) => textOf(v, of)).join(', ');
  if (typeof value !== 'object' || value === null) throw new UsageError(`${of} is a text, not ${value === null ? 'null' : typeof value}`);
  if (Object.getPrototypeOf(value) !== Object.prototype) return String(value);
  return Object.entries(value).map(([name, v]) => `${name} = ${textOf(v, of)}`).join(', ');
}
