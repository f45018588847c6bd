// in: records
// out: the same records, and a file of them

import type { StageDefinition } from '../model/stage.ts';

export const tee: StageDefinition = {
  name: 'tee',
  summary: 'writes records to a file and passes them on',
  description: [
    'The file is replaced.',
  ],
  arguments: [{ name: 'FILE', help: 'where to' }],
  options: [],
  examples: [
    {
      note: 'Keeps what came in beside what comes out',
      command: "weir tee all.ndjson then agg 'n = count()'; cat all.ndjson",
      input: [
        '{"x":1}',
        '{"x":2}',
      ].join('\n'),
      output: [
        '{"n":2}',
        '{"x":1}',
        '{"x":2}',
      ].join('\n'),
    },
  ],
  plan(call, point) {
    const writer = point.writer();
    return {
      distribution: { kind: 'single' },
      create(context) {
        const file = context.output(call.args[0]!, writer);
        return {
          push(batch) {
            file.write(batch);
            context.out.push(batch);
          },
          end: () => context.out.end(),
        };
      },
    };
  },
};
