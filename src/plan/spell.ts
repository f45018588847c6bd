// in: the call of a stage
// out: how it is typed

import type { StageCall } from '../model/stage.ts';

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
