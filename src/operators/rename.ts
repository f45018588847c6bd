// in: records
// out: the same records with fields under other names

import { parsePairs } from '../expr/parse.ts';
import { TextError } from '../model/errors.ts';
import type { StageDefinition } from '../model/stage.ts';
import { passOn, topLevel } from './assignments.ts';

export const rename: StageDefinition = {
  name: 'rename',
  summary: 'gives fields other names',
  description: [
    'Fields keep their place and their literal. A field that has had the new name goes, but only from records that have the old one. A field that is not there is no error.',
  ],
  arguments: [{ name: 'PAIRS', help: 'a comma list of old=new' }],
  options: [],
  examples: [
    {
      note: 'Two at once',
      command: 'weir rename ts=time,ms=duration',
      input: '{"ts":"2026-01-01T00:00:00Z","path":"/a","ms":1.50}',
      output: '{"time":"2026-01-01T00:00:00Z","path":"/a","duration":1.50}',
    },
  ],
  plan(call, point) {
    point.rename(newNames(call.args[0]!));
    return passOn;
  },
};

/** Old names and new ones. Throws TextError where one stands alone, or a name twice on a side: the record would have a field twice. */
function newNames(text: string): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const pair of parsePairs(text)) {
    const [old, name] = [topLevel(pair.left, text), topLevel(pair.right, text)];
    if (old === name) throw at(text, text.indexOf(old), old, `this gives '${old}' no other name`, `write '${old}=new'`);
    if (names.has(old)) throw at(text, text.lastIndexOf(old), old, `'${old}' gets two names`, 'to have it twice, use `map`');
    if (taken.has(name)) throw at(text, text.lastIndexOf(name), name, `two fields would be called '${name}'`, 'give one of them another name');
    names.set(old, name);
    taken.add(name);
  }
  return names;
}

function at(text: string, start: number, name: string, message: string, help: string): TextError {
  return new TextError(message, text, Math.max(0, start), Math.max(0, start) + name.length, help);
}
