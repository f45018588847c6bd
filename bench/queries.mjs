// in: nothing
// out: the queries: weir's words, each peer's words, and how their rows compare
const WINDOW_COLUMNS = ['window_start', 'auction', 'n', 'total', 'top'];
const TIME = ['--time', 'dateTime', '--delay', '4s'];
const APPLE = ['filter', 'channel == "Apple"'];
const WHOLE = { auction: 'BIGINT', bidder: 'BIGINT', price: 'DECIMAL(18,2)', channel: 'VARCHAR', url: 'VARCHAR', dateTime: 'VARCHAR', extra: 'VARCHAR' };
const DECLARED = { auction: 'BIGINT', price: 'DECIMAL(18,2)', channel: 'VARCHAR', dateTime: 'TIMESTAMP' };

/** Fewer events for the slow ones: their time is multiplied. */
const PART = 10;

function quoted(text) {
  return `'${text.replaceAll("'", "''")}'`;
}

function tumble(price) {
  return ['tumble', '10s', `n = count(), total = sum(${price}), top = max(${price})`, '--by', 'auction'];
}

/** The file as a table of these columns; all of them read and printed is what suits DuckDB best for whole records, too. */
function declared(file, types = DECLARED) {
  const columns = Object.entries(types).map(([name, type]) => `${name}: '${type}'`);
  return `read_json(${quoted(file)}, format = 'newline_delimited', columns = {${columns}})`;
}

function duckWindows(from) {
  return `SELECT epoch_ms(time_bucket(INTERVAL 10 SECONDS, dateTime)) AS window_start, auction, count(*) AS n, sum(price) AS total, max(price) AS top
    FROM ${from} WHERE channel = 'Apple' GROUP BY ALL`;
}

function mlr(chain, file) {
  return ['mlr', '--ijsonl', '--ojsonl', ...chain, file];
}

function mlrWindows(price) {
  const start = 'strptime(sub($dateTime, "\\..*$", "Z"), "%Y-%m-%dT%H:%M:%SZ") // 10 * 10000';
  return [
    'filter', '$channel == "Apple"', 'then', 'put', `$window_start = ${start}; $price = ${price}`,
    'then', 'stats1', '-a', 'count,sum,max', '-f', 'price', '-g', 'window_start,auction',
    'then', 'rename', 'price_count,n,price_sum,total,price_max,top',
  ];
}

function jqWindows(price) {
  const row = `[((.dateTime[:19] + "Z" | fromdate) / 10 | floor * 10000), .auction, (${price})]`;
  const groups = '{window_start: .[0][0], auction: .[0][1], n: length, total: (map(.[2]) | add), top: (map(.[2]) | max)}';
  return ['jq', '-nc', `[inputs | select(.channel == "Apple") | ${row}] | group_by(.[:2])[] | ${groups}`];
}

const TEXTS = { auction: 'BIGINT', bidder: 'BIGINT', price: 'DECIMAL(18,2)', channel: 'VARCHAR', dateTime: 'VARCHAR' };
const PEOPLE = { bidder: 'BIGINT', name: 'VARCHAR', city: 'VARCHAR', rating: 'DOUBLE' };
const VIEWS = { auction: 'BIGINT', viewer: 'BIGINT', seconds: 'BIGINT', dateTime: 'VARCHAR' };
const SHORT = ['select', 'auction, bidder, price, channel, dateTime'];

function duckLookup(bids, people) {
  return `SELECT b.*, p.name, p.city, p.rating FROM ${declared(bids, TEXTS)} b JOIN ${declared(people, PEOPLE)} p USING (bidder)`;
}

function duckWithin(bids, views) {
  return `SELECT b.*, v.viewer, v.seconds, v.dateTime AS right_dateTime FROM ${declared(bids, TEXTS)} b JOIN ${declared(views, VIEWS)} v
    ON b.auction = v.auction AND v.dateTime::TIMESTAMP BETWEEN b.dateTime::TIMESTAMP - INTERVAL 2 SECONDS AND b.dateTime::TIMESTAMP + INTERVAL 2 SECONDS`;
}

/**
 * A query's `weir(file, beside)` are weir's words; a peer's `words(file, out)` write `out`, or to stdout where they do not take it. `beside`: the kind of events in a
 * second file. `part`: of the events it runs on, on both sides.
 */
export const QUERIES = [
  {
    name: 'q0',
    title: 'keep one line in four, as they came',
    weir: (file) => [...APPLE, file],
    peers: [
      { peer: 'duckdb', goal: 0.25, sql: (file) => `SELECT * FROM ${declared(file, WHOLE)} WHERE channel = 'Apple'` },
      { peer: 'mlr', part: PART, goal: 1 / 60, words: (file) => mlr(['filter', '$channel == "Apple"'], file) },
      { peer: 'jq', part: PART, goal: 1 / 60, words: (file) => ['jq', '-c', 'select(.channel == "Apple")', file] },
    ],
  },
  {
    name: 'q1',
    title: 'of those, windows of 10 s per auction: count, sum, max',
    columns: WINDOW_COLUMNS,
    weir: (file) => [...TIME, ...APPLE, 'then', ...tumble('price'), file],
    peers: [
      { peer: 'duckdb', goal: 0.5, cpuGoal: 0.4, sql: (file) => duckWindows(declared(file)) },
      { peer: 'mlr', part: PART, goal: 1 / 60, places: 6, words: (file) => mlr(mlrWindows('$price'), file) },
      { peer: 'jq', part: PART, goal: 1 / 60, places: 6, words: (file) => [...jqWindows('.price'), file] },
    ],
  },
  {
    name: 'qjs',
    title: 'a computed price for every record, then the windows of q1',
    columns: WINDOW_COLUMNS,
    weir: (file) => [...TIME, 'map', 'p = Math.round(price * 0.908 * 100) / 100', 'then', ...APPLE, 'then', ...tumble('p'), file],
    peers: [
      {
        peer: 'duckdb',
        goal: 1,
        sql: (file) => {
          const from = declared(file, { ...DECLARED, price: 'DOUBLE' });
          return duckWindows(`(SELECT auction, dateTime, channel, (round(price * 0.908 * 100) / 100)::DECIMAL(18,2) AS price FROM ${from})`);
        },
      },
      { peer: 'mlr', part: PART, places: 6, words: (file) => mlr(mlrWindows('round($price * 0.908 * 100) / 100'), file) },
      { peer: 'jq', part: PART, places: 6, words: (file) => [...jqWindows('.price * 0.908 * 100 | round / 100'), file] },
    ],
  },
  {
    name: 'lookup',
    title: 'bids with their bidders, from a table that knows half of them',
    beside: 'people',
    part: 2,
    weir: (file, people) => [...SHORT, 'then', 'join', people, '--lookup', '--on', 'bidder', file],
    peers: [{ peer: 'duckdb', sql: duckLookup }],
  },
  {
    name: 'within',
    title: 'bids with the views of their auction within 2 s, as many as bids',
    beside: 'views',
    part: 4,
    weir: (file, views) => [...TIME, ...SHORT, 'then', 'join', views, '--within', '-2s,2s', '--on', 'auction', file],
    peers: [{ peer: 'duckdb', sql: duckWithin }],
  },
];
