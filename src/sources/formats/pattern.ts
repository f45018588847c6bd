// in: a line, and a regular expression with named groups
// out: an object of the groups; one that took no part is null

import { jsonString, jsonValue, type LineFormat, Malformed } from './line.ts';

export function pattern(regex: RegExp): LineFormat {
  return {
    encoding: 'utf8',
    parse(line) {
      if (line === '') return undefined;
      const groups = regex.exec(line)?.groups;
      if (!groups) throw new Malformed('the line does not match the pattern of --format');
      const members = Object.entries(groups).map(([name, value]) => `${jsonString(name)}:${value === undefined ? 'null' : jsonValue(value)}`);
      return `{${members.join(',')}}`;
    },
  };
}
