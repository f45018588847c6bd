// in: the name of a format
// out: what turns its lines into JSON objects

import type { InputFormat } from '../../model/format.ts';
import { combined } from './combined.ts';
import { delimited } from './delimited.ts';
import type { LineFormat } from './line.ts';
import { logfmt } from './logfmt.ts';
import { pattern } from './pattern.ts';
import { text } from './text.ts';

/** A fresh one for each input. */
export function lineFormat(format: InputFormat): LineFormat {
  switch (format.kind) {
    case 'csv':
    case 'tsv':
      return delimited(format.kind);
    case 'logfmt':
      return logfmt();
    case 'combined':
      return combined();
    case 'regex':
      return pattern(format.pattern);
    default:
      return text();
  }
}
