// in: a line of name=value pairs; values with blanks are in double quotes, a name alone is true
// out: an object of them

import { jsonString, jsonValue, type LineFormat, Malformed } from './line.ts';

const PAIR = /[ \t]*([^\s="]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*)))?(?=[ \t]|$)/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

export function logfmt(): LineFormat {
  return { encoding: 'latin1', parse: (line) => (/^\s*$/.test(line) ? undefined : parse(line.trimEnd())) };
}

function parse(line: string): string {
  const members: string[] = [];
  for (PAIR.lastIndex = 0; PAIR.lastIndex < line.length; ) {
    const at = PAIR.lastIndex;
    const match = PAIR.exec(line);
    if (!match) throw new Malformed(`'${line.slice(at).trim().slice(0, 20)}' is no name=value`);
    members.push(`${jsonString(match[1]!)}:${value(match[2], match[3])}`);
  }
  return `{${members.join(',')}}`;
}

function value(quoted: string | undefined, bare: string | undefined): string {
  if (quoted !== undefined) return jsonValue(quoted.includes('\\') ? quoted.replace(/\\(.)/g, (_, c: string) => ESCAPES[c] ?? c) : quoted);
  return bare === undefined ? 'true' : jsonValue(bare);
}
