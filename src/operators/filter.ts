// in: records
// out: those for which an expression is true, byte for byte as they came

import { compilePredicate } from '../expr/compile.ts';
import { parseExpression } from '../expr/parse.ts';
import type { StageDefinition } from '../model/stage.ts';

export const filter: StageDefinition = {
  name: 'filter',
  summary: 'keeps the records for which EXPR is true',
  description: [
    'What it keeps leaves exactly as it came. A comparison with a null or missing field is false; `x == null` tests for both.',
    '`weir help expressions` says what an expression can be.',
  ],
  arguments: [{ name: 'EXPR', help: `a condition, such as 'status >= 500 && path != "/health"'` }],
  options: [],
  examples: [
    {
      note: 'Server errors',
      command: "weir filter 'status >= 500'",
      input: [
        '{"path":"/a","status":200}',
        '{"path":"/b", "status":503}',
      ].join('\n'),
      output: '{"path":"/b", "status":503}',
    },
    {
      note: 'Nested fields and text',
      command: `weir filter 'starts_with(user.name, "A") && user.age != null'`,
      input: [
        '{"user":{"name":"Ada","age":36}}',
        '{"user":{"name":"Bob","age":40}}',
        '{"user":{"name":"Al"}}',
      ].join('\n'),
      output: '{"user":{"name":"Ada","age":36}}',
    },
  ],
  plan(call, point) {
    const predicate = compilePredicate(parseExpression(call.args[0]!), point);
    return {
      distribution: { kind: 'forward' },
      create: ({ out }) => ({
        push(batch) {
          if (batch.count > 0) predicate.narrow(batch);
          out.push(batch);
        },
        end: () => out.end(),
      }),
    };
  },
};
