// in: the tables of functions and aggregates
// out: what help has to say that belongs to no single stage

import { AGGREGATES, type FunctionDefinition, FUNCTIONS } from '../expr/index.ts';
import type { Item } from './page.ts';
import { snapshots } from './snapshot-topic.ts';

export interface Topic {
  readonly name: string;
  readonly summary: string;
  readonly sections: readonly { readonly heading: string; readonly paragraphs?: readonly string[]; readonly items?: readonly Item[] }[];
}

const expressions: Topic = {
  name: 'expressions',
  summary: 'what EXPR, ASSIGNS, AGGS and KEYS can be',
  sections: [
    {
      heading: 'Expressions',
      paragraphs: [
        'The syntax of JavaScript expressions. A name is a field: status, user.id, items[0].sku; $ is the record: $["@timestamp"]. A missing field is undefined, and so is anything under it.',
        '== is ===, but x == null and x != null test for null or missing; any other comparison with a null or missing side is false. Template and regex literals, arrow functions as arguments, and the methods of strings, numbers, arrays and Math can be used; nothing else can be reached.',
      ],
    },
    {
      heading: 'Lists',
      paragraphs: [
        'ASSIGNS, AGGS and KEYS are one shell word: a comma list of name = expression. A bare path names itself (user.id is id), a bare call is named after itself (sum(price) is sum_price). Assignments run from left to right and see those before them. ...object spreads an object in select and map.',
      ],
    },
    {
      heading: 'Numbers',
      paragraphs: [
        'A field that no stage assigns keeps its literal (12345678901234567890, 1.10). sum and avg add decimals exactly as they are written: 0.1 + 0.2 sums to 0.3. A number that is not finite prints as null; an undefined field is left out.',
      ],
    },
  ],
};

function inGroup(group: FunctionDefinition['group']): Item[] {
  return [...FUNCTIONS.values()].filter((f) => f.group === group).map((f) => [f.usage, f.help]);
}

const functions: Topic = {
  name: 'functions',
  summary: 'functions of expressions, and aggregates',
  sections: [
    { heading: 'Time', paragraphs: ['In the zone of --tz, unless a zone is given as the last argument.'], items: inGroup('time') },
    { heading: 'Text', items: inGroup('text') },
    { heading: 'Numbers', items: inGroup('number') },
    { heading: 'Values', items: inGroup('value') },
    {
      heading: 'Of the stream',
      items: [
        ['event_time()', 'the event time of the record'],
        ['watermark()', 'the watermark before the record'],
      ],
    },
    {
      heading: 'Aggregates',
      paragraphs: [
        'Null and missing do not count. `.where(c)` filters one: sum(price).where(price < 100). Expressions over them are fine: count_if(status >= 500) / count().',
      ],
      items: [...AGGREGATES.values()].map((a): Item => [a.usage, a.help + (a.over ? ' (only in `over`)' : '')]),
    },
  ],
};

const time: Topic = {
  name: 'time',
  summary: 'event time, watermarks, windows and late records',
  sections: [
    {
      heading: 'Event time',
      paragraphs: [
        '--time EXPR says when a record happened: a number in the unit of --time-unit, or an ISO-8601 text (without a zone: that of --tz).',
        'The watermark says how far time has come: the latest time so far minus --delay minus 1 ms. It moves after each record; when input ends it goes to the end of time, so that all windows print.',
      ],
    },
    {
      heading: 'Windows',
      paragraphs: [
        'A window is [start, end), and prints when the watermark reaches its last millisecond. Windows that one record completes come out in the order of end, start, key. A row has window_start, window_end, the keys, the aggregates; its own event time is the last millisecond, so windows can be chained.',
        'The sizes 1d, 1w and 1mo follow the calendar of --tz, with its days of 23 and 25 hours.',
      ],
    },
    {
      heading: 'Late records',
      paragraphs: [
        'A record is late for a window whose last millisecond plus --allowed-lateness the watermark has passed. Late records are counted, and kept with --late-output FILE; the summary at the end says which --delay would have lost none.',
        'Within --allowed-lateness the window prints its new result at once.',
      ],
    },
  ],
};

export const topics: readonly Topic[] = [expressions, functions, time, snapshots];
