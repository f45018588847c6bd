// in: its own words
// out: the source of a job, with a format and a time of its own

import type { StageDefinition } from '../model/stage.ts';
import { passOn } from './assignments.ts';

export const from: StageDefinition = {
  name: 'from',
  summary: 'reads files, with options of their own',
  description: [
    'The first stage of a job, or of the right side of a join. Files are read one after the other, as cat would read them; `-` is stdin. gzip is recognised by its first bytes.',
    'With --follow, files are read by name, all at once: only whole lines, those of a rotated file to its end before those of the new one. How the lines of several live files interleave depends on when they come. The job ends when it is stopped.',
    'What it does not say of format and time is what the job says. A job without it reads the FILEs behind its last stage, or stdin.',
  ],
  arguments: [{ name: 'FILE', help: 'what to read; - is stdin', variadic: true }],
  options: [
    { name: 'format', value: 'FORMAT', choices: ['json', 'csv', 'tsv', 'logfmt', 'combined', 'text', 'regex:'], help: 'json, csv, tsv, logfmt, combined, text or regex:/…/' },
    { name: 'time', value: 'EXPR', help: 'event time of a record' },
    { name: 'delay', value: 'DUR', help: 'how far behind the latest time the watermark stays' },
    { name: 'follow', short: 'F', help: 'keeps reading as files grow, through rotation, truncation and deletion; one that is not there yet is waited for' },
  ],
  examples: [
    {
      note: 'A CSV file as NDJSON; numbers keep their digits',
      command: "printf 'sku,price\\nA,1.10\\nB,2\\n' > items.csv; weir from items.csv --format csv then filter 'price > 0'",
      output: [
        '{"sku":"A","price":1.10}',
        '{"sku":"B","price":2}',
      ].join('\n'),
    },
  ],
  plan: () => passOn,
};
