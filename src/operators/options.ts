// in: nothing
// out: options that several stages have in common

import type { OptionSpec } from '../model/stage.ts';

export const by: OptionSpec = { name: 'by', value: 'KEYS', help: 'a group for each value of these fields or expressions' };

export const offset: OptionSpec = {
  name: 'offset',
  value: 'DUR',
  help: 'moves the start of windows from the full hour (or day) by this much; may be negative',
  default: '0',
};

export const early: OptionSpec = { name: 'early', value: 'DUR', help: 'prints what an open window has so far, too, at each multiple of DUR' };

/** What a stage can do about records that come too late. */
export const lateness: readonly OptionSpec[] = [
  {
    name: 'allowed-lateness',
    value: 'DUR',
    help: 'keeps a window this long behind its end; a late record in it prints the new result at once',
    default: '0',
  },
  { name: 'late-output', value: 'FILE', help: 'keeps records that came too late there, as they came' },
];
