// in: the NEXMark events of ../shared/data, if they are there
// out: nothing where weir's answers are DuckDB's; else an error with the first difference
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareRows } from './compare.mjs';

export const EVENTS = resolve(fileURLToPath(new URL('../../shared/data/nexmark.ndjson.gz', import.meta.url)));

const TIMES = 'dateTime BIGINT';
const PERSON = `STRUCT(id BIGINT, name VARCHAR, city VARCHAR, state VARCHAR, ${TIMES})`;
const AUCTION = `STRUCT(id BIGINT, itemName VARCHAR, initialBid BIGINT, reserve BIGINT, expires BIGINT, seller BIGINT, category BIGINT, ${TIMES})`;
const BID = `STRUCT(auction BIGINT, bidder BIGINT, price BIGINT, channel VARCHAR, ${TIMES})`;
const TABLES = (file) => `events AS (SELECT * FROM read_json('${file}', format = 'newline_delimited', columns = {event_type: 'INTEGER', person: '${PERSON}', auction: '${AUCTION}', bid: '${BID}'})),
  persons AS (SELECT unnest(person) FROM events WHERE event_type = 0),
  auctions AS (SELECT unnest(auction) FROM events WHERE event_type = 1),
  bids AS (SELECT unnest(bid) FROM events WHERE event_type = 2),
  winners AS (SELECT a.id, a.category, a.seller, b.bidder, b.price, row_number() OVER (PARTITION BY a.id ORDER BY b.price DESC, b.dateTime) AS nth
    FROM auctions a JOIN bids b ON b.auction = a.id AND b.dateTime >= a.dateTime AND b.dateTime < a.expires)`;

/** A small table that bids are looked up in. */
const CHANNELS = ['Apple', 'Google', 'Facebook', 'Baidu'].map((channel, i) => JSON.stringify({ channel, channel_id: i })).join('\n');

/** The best bid for each auction, while it ran: `$EVENTS` are the events. */
const WINNERS = `weir filter 'event_type == 1' then select '...auction' \\
  then join 'from $EVENTS then filter "event_type == 2" then select "...bid"' --on id=auction --as bid \\
       --where 'bid.dateTime >= dateTime && bid.dateTime < expires' \\
  then top 1 'bid.price, -bid.dateTime' --by id`;

/** The queries, each as a person would type it. */
const ANSWERS = [
  {
    name: 'people of some states who sell in a category',
    columns: ['name', 'city', 'state', 'id'],
    weir: `weir filter 'event_type == 1 && auction.category == 10' then select '...auction' \\
  then join 'from $EVENTS then filter "event_type == 0" then select "...person"' --on seller=id --as who --where '["OR", "ID", "CA"].includes(who.state)' \\
  then select 'name = who.name, city = who.city, state = who.state, id' $EVENTS`,
    sql: `SELECT p.name, p.city, p.state, a.id FROM auctions a JOIN persons p ON a.seller = p.id WHERE a.category = 10 AND p.state IN ('OR', 'ID', 'CA')`,
  },
  {
    name: 'new sellers in windows of 10 s',
    columns: ['id', 'name', 'window_start'],
    weir: `weir --time dateTime --delay 2s filter 'event_type == 0' then select '...person' \\
  then join 'from $EVENTS then filter "event_type == 1" then select "...auction"' --on id=seller --window tumble:10s --type semi \\
  then select 'id, name, window_start' $EVENTS`,
    sql: `SELECT DISTINCT p.id, p.name, p.dateTime // 10000 * 10000 AS window_start FROM persons p JOIN auctions a ON a.seller = p.id AND a.dateTime // 10000 = p.dateTime // 10000`,
  },
  {
    name: 'the winning bid of each auction',
    columns: ['id', 'category', 'bidder', 'price'],
    weir: `${WINNERS} \\
  then select 'id, category, bidder = bid.bidder, price = bid.price' $EVENTS`,
    sql: 'SELECT id, category, bidder, price FROM winners WHERE nth = 1',
  },
  {
    name: 'average closing price of each category',
    columns: ['category', 'n', 'price'],
    places: 6,
    weir: `${WINNERS} \\
  then agg 'n = count(), price = avg(bid.price)' --by category $EVENTS`,
    sql: 'SELECT category, count(*) AS n, avg(price) AS price FROM winners WHERE nth = 1 GROUP BY ALL',
  },
  {
    name: "bids with their auction's data, while it ran",
    columns: ['auction', 'bidder', 'price', 'itemName', 'seller'],
    weir: `weir --time dateTime --delay 2s filter 'event_type == 2' then select '...bid' \\
  then join 'from $EVENTS then filter "event_type == 1" then select "...auction"' --on auction=id --within -20s,0s --as of --where 'dateTime < of.expires' \\
  then select 'auction, bidder, price, itemName = of.itemName, seller = of.seller' $EVENTS`,
    sql: 'SELECT b.auction, b.bidder, b.price, a.itemName, a.seller FROM bids b JOIN auctions a ON b.auction = a.id AND b.dateTime >= a.dateTime AND b.dateTime < a.expires',
  },
  {
    name: 'bids of known channels, looked up in a small table',
    columns: ['auction', 'price', 'channel', 'channel_id'],
    weir: `weir filter 'event_type == 2' then select '...bid' then join channels.ndjson --lookup --on channel \\
  then select 'auction, price, channel, channel_id' $EVENTS`,
    sql: `SELECT auction, price, channel, list_position(['Apple', 'Google', 'Facebook', 'Baidu'], channel) - 1 AS channel_id FROM bids WHERE channel IN ('Apple', 'Google', 'Facebook', 'Baidu')`,
  },
];

/** @param folder where files may be written, and DuckDB is installed; `say` is told of each answer. */
export function checkNexmark(folder, weir, say) {
  if (!existsSync(EVENTS)) return say('no NEXMark events here: their answers are not checked');
  writeFileSync(join(folder, 'channels.ndjson'), `${CHANNELS}\n`);
  writeFileSync(join(folder, 'weir'), `#!/bin/sh\nexec '${process.execPath}' '${resolve(weir)}' "$@"\n`, { mode: 0o755 });
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
  const [ours, theirs] = [join(folder, 'weir.out'), join(folder, 'peer.out')];
  for (const { name, columns, places, weir: line, sql } of ANSWERS) {
    execFileSync('sh', ['-c', `${line.replaceAll('$EVENTS', EVENTS)} > '${ours}'`], { cwd: folder, env, stdio: ['ignore', 'inherit', 'inherit'] });
    execFileSync(process.execPath, [join(dirname(fileURLToPath(import.meta.url)), 'duckdb.mjs'), `WITH ${TABLES(EVENTS)} ${sql}`, theirs], { stdio: 'inherit' });
    const rows = compareRows(ours, theirs, { columns, places, name: 'duckdb' });
    say(`NEXMark, ${name}: the same ${rows.toLocaleString('en')} rows as DuckDB`);
  }
  rmSync(ours);
  rmSync(theirs);
}
