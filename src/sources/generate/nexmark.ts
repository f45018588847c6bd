// in: random numbers
// out: people, auctions and bids (1 : 3 : 46) of the Nexmark benchmark; bids are up to 1 s out of order

import { IsoClock, Random } from './random.ts';
import type { Generator, GeneratorRules } from './rules.ts';

const FIRST_ID = 1000;
const CHANNELS = ['Apple', 'Google', 'Facebook', 'Baidu'];
const FIRST_NAMES = ['Peter', 'Paul', 'Luke', 'John', 'Saul', 'Vicky', 'Kate', 'Julie', 'Sarah', 'Deiter', 'Walter'];
const LAST_NAMES = ['Shultz', 'Abrams', 'Spencer', 'White', 'Bartels', 'Walton', 'Smith', 'Jones', 'Noris'];
const CITIES = ['Phoenix', 'Los Angeles', 'San Francisco', 'Boise', 'Portland', 'Bend', 'Redmond', 'Seattle', 'Kent', 'Cheyenne'];
const STATES = ['AZ', 'CA', 'ID', 'OR', 'WA', 'WY'];
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** Texts of a length that exist. */
const TEXTS = 512;

export function nexmark({ seed, rate, start }: GeneratorRules): Generator {
  const random = new Random(seed);
  const clock = new IsoClock();
  const event = (type: number, time: number, body: string) => `{"event_type":${type},${body},"dateTime":${time},"dateTimeIso":"${clock.format(time)}"}\n`;
  let n = 0;
  return () => {
    const [epoch, place] = [Math.floor(n / 50), n % 50];
    const now = start + Math.floor((n++ * 1000) / rate);
    if (place === 0) return event(0, now, person(random, FIRST_ID + epoch, now));
    const auctions = FIRST_ID + epoch * 3 + Math.min(place - 1, 3);
    if (place <= 3) return event(1, now, auction(random, auctions, FIRST_ID + epoch, now));
    const time = now - random.below(1000);
    return event(2, time, bid(random, auctions, FIRST_ID + epoch, time));
  };
}

function person(random: Random, id: number, now: number): string {
  const name = `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;
  const card = Array.from({ length: 4 }, () => String(random.below(10_000)).padStart(4, '0')).join(' ');
  const mail = `${letters(random, 5)}@${letters(random, 4)}.com`;
  return `"person":{"id":${id},"name":"${name}","emailAddress":"${mail}","creditCard":"${card}","city":"${random.pick(CITIES)}","state":"${random.pick(STATES)}","dateTime":${now},"extra":"${letters(random, 30)}"}`;
}

/** @param last the newest person; sellers are mostly new ones */
function auction(random: Random, id: number, last: number, now: number): string {
  const first = price(random);
  const seller = Math.max(FIRST_ID, last - random.below(100));
  return `"auction":{"id":${id},"itemName":"${letters(random, 12)}","description":"${letters(random, 40)}","initialBid":${first},"reserve":${first + price(random)},"dateTime":${now},"expires":${now + 10_000 + random.below(10_000)},"seller":${seller},"category":${10 + random.below(5)},"extra":"${letters(random, 40)}"}`;
}

/** @param auctions behind the newest one; half of all bids go to one that is hot at the time */
function bid(random: Random, auctions: number, last: number, time: number): string {
  const newest = auctions - 1;
  const on = random.unit() < 0.5 ? newest - (newest % 100) : newest - random.below(100);
  const bidder = Math.max(FIRST_ID, last - random.below(1000));
  const channel = random.unit() < 0.5 ? random.pick(CHANNELS) : `channel-${random.below(10_000)}`;
  const url = `https://www.nexmark.com/${letters(random, 4)}/${letters(random, 3)}/${letters(random, 4)}/item.htm?query=1`;
  return `"bid":{"auction":${Math.max(FIRST_ID, on)},"bidder":${bidder},"price":${price(random)},"channel":"${channel}","url":"${url}","dateTime":${time},"extra":"${letters(random, 20)}"}`;
}

/** From 1 to 10^8, small ones as often as large ones. */
function price(random: Random): number {
  return random.pick(PRICES);
}

const PRICES = Array.from({ length: 4096 }, (_, i) => Math.round(10 ** ((i / 4096) * 6) * 100));

const texts = new Map<number, string[]>();

/** From `length` letters up to twice as many; picked from some that were made once, since making texts is what takes the time. */
function letters(random: Random, length: number): string {
  let made = texts.get(length);
  if (!made) {
    const dice = new Random(length);
    made = Array.from({ length: TEXTS }, () => Array.from({ length: length + dice.below(length) }, () => LETTERS[dice.below(26)]).join(''));
    texts.set(length, made);
  }
  return random.pick(made);
}
