// in: a stage, an option or a call
// out: how it is written, in one line

import type { OptionSpec, StageCall, StageDefinition } from '../model/stage.ts';

/** `tumble SIZE AGGS [--by KEYS] [--offset DUR] …` */
export function usageOf(stage: StageDefinition): string {
  const args = stage.arguments.map((a) => (a.optional ? `[${a.name}]` : a.name) + (a.variadic ? '...' : ''));
  return [stage.name, ...args, ...stage.options.map((o) => `[${spell(o)}]`)].join(' ');
}

/** `--by KEYS`, `-p, --parallelism N|auto`, `--color[=auto|always|never]` */
export function spell(option: OptionSpec): string {
  const short = option.short ? `-${option.short}, ` : '';
  const value = option.value === undefined ? '' : takesAttachedOnly(option) ? `[=${option.value.slice(1, -1)}]` : ` ${option.value}`;
  return `${short}--${option.name}${value}`;
}

/** Its value may be left out. */
export function takesAttachedOnly(option: OptionSpec): boolean {
  return option.value?.startsWith('[') === true;
}

/** Its choices are all that it takes, so that anything else is an error. */
export function isClosed(option: OptionSpec): boolean {
  return option.choices !== undefined && option.value?.replace(/[[\]]/g, '') === option.choices.join('|');
}

/** The call as it would be typed. */
export function spellCall({ name, args, options }: StageCall): string {
  const given = Object.entries(options).flatMap(([option, value]) => {
    if (value === undefined) return [];
    return value === true ? [`--${option}`] : [value].flat().flatMap((v) => [`--${option}`, v as string]);
  });
  return [name, ...args, ...given].map(quote).join(' ');
}

/** A word as a shell takes it. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
