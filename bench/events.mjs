// in: a number of events, a file
// out: the file, with that many records, the same bytes every time: bids, a line of about 220 bytes each, and what they are joined with;
//      times up to 4 s out of order
import { closeSync, openSync, renameSync, writeSync } from 'node:fs';

const CHANNELS = ['Apple', 'Google', 'Facebook', 'Baidu'];
const PIECE = 1 << 20;

/** A mulberry32 generator: `below(n)` is the next whole number under n. */
function randomNumbers(seed) {
  let a = seed;
  const next = () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return (n) => Math.floor(next() * n);
}

/** One bid; `time` is where the clock stands. The order of the fields is the order of the draws. */
function bid(below, time) {
  return {
    auction: 1000 + below(5000),
    bidder: 2000 + below(20000),
    price: below(1000000) / 100,
    channel: CHANNELS[below(4)],
    url: `https://www.nexmark.com/${below(1e6)}/item.htm?query=1&channel_id=${below(1e6)}`,
    dateTime: new Date(time - below(4000)).toISOString(),
    extra: 'x'.repeat(20 + below(30)),
  };
}

/** One look at an auction, by somebody who may bid. */
function view(below, time) {
  return { auction: 1000 + below(5000), viewer: 2000 + below(20000), seconds: below(600), dateTime: new Date(time - below(4000)).toISOString() };
}

/** One of those who bid: half of all that there are. */
function person(below, time, i) {
  return { bidder: 2000 + 2 * i, name: `person ${below(1e6)}`, city: CHANNELS[below(4)], rating: below(50) / 10 };
}

export const KINDS = { bids: { record: bid, seed: 12345 }, views: { record: view, seed: 54321 }, people: { record: person, seed: 777, count: 10_000 } };

/** Writes records of a kind; the file gets its name when it is whole. */
export function writeEvents(file, kind, events) {
  const { record, seed } = KINDS[kind];
  const below = randomNumbers(seed);
  const out = openSync(`${file}.part`, 'w');
  let time = Date.parse('2026-01-01T00:00:00Z');
  let text = '';
  for (let i = 0; i < events; i++) {
    time += below(3);
    text += `${JSON.stringify(record(below, time, i))}\n`;
    if (text.length > PIECE) {
      writeAll(out, text);
      text = '';
    }
  }
  writeAll(out, text);
  closeSync(out);
  renameSync(`${file}.part`, file);
}

function writeAll(out, text) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(out, bytes, at);
}
