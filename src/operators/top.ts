// in: records
// out: the best N per key or window, with their rank

import { negated } from '../expr/ast.ts';
import { parseExpressions } from '../expr/parse.ts';
import type { StageDefinition } from '../model/stage.ts';
import { planExpressions, planKeys } from './groups/keys.ts';
import { planRanking } from './groups/ranking.ts';
import { wholeNumber } from './numbers.ts';
import { needWindows } from './per-window.ts';
import { keysOf } from './windows/plan.ts';
import { by } from './options.ts';

export const top: StageDefinition = {
  name: 'top',
  summary: 'the N best records per key, best first',
  description: [
    'The highest value of the first expression is best, the second decides between equal ones, and so on; `-x` turns one of them round, --asc all. Records come out at the end, best first, with `rank` as their last field; of equal ones the first to come is taken. Nulls do not rank.',
    'Behind a window stage, --per-window ranks within each window.',
  ],
  arguments: [
    { name: 'N', help: 'how many' },
    { name: 'EXPRS', help: 'a comma list of what to rank by, such as price or -price,name' },
  ],
  options: [
    by,
    { name: 'asc', help: 'lowest first' },
    { name: 'ties', help: 'all of those that are equal to the last one, too' },
    { name: 'per-window', help: 'within each window of the window stage before' },
  ],
  examples: [
    {
      note: 'The two highest bids',
      command: 'weir top 2 price',
      input: [
        '{"id":1,"price":5}',
        '{"id":2,"price":9}',
        '{"id":3,"price":7}',
      ].join('\n'),
      output: [
        '{"id":2,"price":9,"rank":1}',
        '{"id":3,"price":7,"rank":2}',
      ].join('\n'),
    },
    {
      note: 'The lowest of each item',
      command: 'weir top 1 -price --by item',
      input: [
        '{"item":"pen","price":5}',
        '{"item":"pen","price":3}',
        '{"item":"ink","price":8}',
      ].join('\n'),
      output: [
        '{"item":"ink","price":8,"rank":1}',
        '{"item":"pen","price":3,"rank":1}',
      ].join('\n'),
    },
    {
      note: 'The busiest path of each minute',
      command: "weir --time ts tumble 1m 'n = count()' --by path then top 1 n --per-window",
      input: [
        '{"ts":"2026-01-01T00:00:01Z","path":"/a","ms":10}',
        '{"ts":"2026-01-01T00:00:30Z","path":"/b","ms":20}',
        '{"ts":"2026-01-01T00:00:59Z","path":"/a","ms":30}',
        '{"ts":"2026-01-01T00:01:02Z","path":"/a","ms":40}',
      ].join('\n'),
      output: [
        '{"window_start":"2026-01-01T00:00:00.000Z","window_end":"2026-01-01T00:01:00.000Z","path":"/a","n":2,"rank":1}',
        '{"window_start":"2026-01-01T00:01:00.000Z","window_end":"2026-01-01T00:02:00.000Z","path":"/a","n":1,"rank":1}',
      ].join('\n'),
    },
  ],
  plan(call, point) {
    const most = wholeNumber('N', call.args[0]!, 1);
    const perWindow = call.options['per-window'] === true;
    if (perWindow) needWindows(point);
    const ascending = call.options['asc'] === true;
    const orders = parseExpressions(call.args[1]!).map((expr) => {
      const turned = negated(expr);
      return { key: planExpressions([turned ?? expr], point), ascending: ascending !== (turned !== undefined) };
    });
    return planRanking({ most, orders, ties: call.options['ties'] === true, perWindow, keys: planKeys(keysOf(call, point), point) }, call, point);
  },
};
