// in: any line
// out: {"line": the line}

import { jsonString, type LineFormat } from './line.ts';

export function text(): LineFormat {
  return { encoding: 'latin1', parse: (line) => `{"line":${jsonString(line)}}` };
}
