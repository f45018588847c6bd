// in: records
// out: a file of them; nothing goes on

import type { StageDefinition } from '../model/stage.ts';

export const to: StageDefinition = {
  name: 'to',
  summary: 'writes records to a file instead of passing them on',
  description: [
    'Like tee, but the stream ends here, so it is the last stage. The file is replaced.',
  ],
  arguments: [{ name: 'FILE', help: 'where to' }],
  options: [],
  examples: [
    {
      note: 'Errors go to a file',
      command: "weir filter 'status >= 500' then to errors.ndjson; cat errors.ndjson",
      input: [
        '{"status":200}',
        '{"status":503}',
      ].join('\n'),
      output: '{"status":503}',
    },
  ],
  plan(call, point) {
    const writer = point.writer();
    return {
      distribution: { kind: 'single' },
      create(context) {
        const file = context.output(call.args[0]!, writer);
        return {
          push: (batch) => file.write(batch),
          end: () => context.out.end(),
        };
      },
    };
  },
};
