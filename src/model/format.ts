// in: the word behind --format or --output-format
// out: which format it is

import { TextError, UsageError } from './errors.ts';
import { didYouMean } from './suggest.ts';

export const INPUT_FORMATS = ['json', 'csv', 'tsv', 'logfmt', 'combined', 'text'] as const;
export const OUTPUT_FORMATS = ['json', 'csv', 'tsv', 'table'] as const;

export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** How lines of input become records. */
export type InputFormat =
  | { readonly kind: (typeof INPUT_FORMATS)[number] }
  /** the named groups of a match are the fields */
  | { readonly kind: 'regex'; readonly pattern: RegExp };

/** Throws UsageError, or TextError where a regular expression is wrong. */
export function parseFormat(text: string): InputFormat {
  if (text.startsWith('regex:')) return { kind: 'regex', pattern: parsePattern(text) };
  const kind = INPUT_FORMATS.find((name) => name === text);
  if (kind) return { kind };
  throw new UsageError(`unknown format '${text}'`, didYouMean(text, INPUT_FORMATS) ?? `one of ${INPUT_FORMATS.join(', ')}, regex:/…/`);
}

function parsePattern(text: string): RegExp {
  const match = /^regex:\/(.*)\/([a-z]*)$/s.exec(text);
  const help = "write it as regex:/(?<ip>\\S+) (?<path>\\S+)/: each named group is a field";
  if (!match) throw new TextError('a regex format is a pattern between slashes', text, 'regex:'.length, text.length, help);
  const end = text.length - match[2]!.length;
  if (/[gy]/.test(match[2]!)) throw new TextError('g and y have no meaning here', text, end, text.length, 'leave them out');
  if (!/\(\?<[^=!]/.test(match[1]!)) throw new TextError('the pattern has no named group', text, 6, end, help);
  try {
    return new RegExp(match[1]!, match[2]);
  } catch (error) {
    throw new TextError((error as Error).message.replace(/^Invalid regular expression: /, ''), text, 6, text.length, help);
  }
}
