// in: the exercises that stream processing is taught with, on generated rides and fares
// out: what a few lines of plain JavaScript over the whole files say, too

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Shell } from '../support/command.ts';

const shell = new Shell();
after(() => shell.remove());

interface Ride {
  readonly rideId: number;
  readonly isStart: boolean;
  readonly eventTime: string;
  readonly startLon: number;
  readonly startLat: number;
  readonly endLon: number;
  readonly endLat: number;
}

interface Fare {
  readonly rideId: number;
  readonly driverId: number;
  readonly startTime: string;
  readonly tip: number;
}

const HOUR = 3_600_000;
const parse = <T>(text: string) => text.split('\n').slice(0, -1).map((line) => JSON.parse(line) as T);

/** What the command prints. */
function results<T>(command: string): T[] {
  const { stdout, stderr, exit } = shell.run(command);
  assert.equal(exit, 0, stderr);
  return parse<T>(stdout);
}

const rides = results<Ride>('weir generate rides --events 12000 --rate 1 --seed 4 > rides.ndjson && cat rides.ndjson');
const fares = results<Fare>('weir generate fares --events 8000 --rate 1 --seed 4 > fares.ndjson && cat fares.ndjson');

test('rides that begin and end within a box', () => {
  const isIn = (lon: number, lat: number) => lon > -74 && lon < -73.9 && lat > 40.7 && lat < 40.8;
  const expected = rides.filter((r) => isIn(r.startLon, r.startLat) && isIn(r.endLon, r.endLat));
  assert.ok(expected.length > 50);
  const box = (end: string) => `${end}Lon > -74 && ${end}Lon < -73.9 && ${end}Lat > 40.7 && ${end}Lat < 40.8`;
  assert.deepEqual(results(`weir filter '${box('start')}' then filter '${box('end')}' rides.ndjson`), expected);
});

test('each ride with its fare', () => {
  const byRide = new Map(fares.map((fare) => [fare.rideId, fare.tip]));
  const expected = rides.filter((r) => r.isStart && byRide.has(r.rideId)).map(({ rideId }) => ({ rideId, tip: byRide.get(rideId)! }));
  assert.ok(expected.length > 500);
  const joined = results<{ rideId: number; tip: number }>(`weir filter isStart then join fares.ndjson --on rideId then select 'rideId, tip' rides.ndjson`);
  assert.deepEqual(joined.sort((a, b) => a.rideId - b.rideId), expected.sort((a, b) => a.rideId - b.rideId));
});

test('the driver with the most tips in each hour', () => {
  const hours = new Map<number, Map<number, number>>();
  for (const { driverId, startTime, tip } of fares) {
    const hour = Math.floor(Date.parse(startTime) / HOUR);
    const tips = hours.get(hour) ?? new Map<number, number>();
    hours.set(hour, tips.set(driverId, (tips.get(driverId) ?? 0) + tip));
  }
  const expected = [...hours].sort(([a], [b]) => a - b).map(([hour, tips]) => ({ window_end: new Date((hour + 1) * HOUR).toISOString(), tips: Math.max(...tips.values()) }));
  assert.ok(expected.length > 1);
  const best = results<{ window_end: string; driverId: number; tips: number }>(`weir --time startTime --delay 1m tumble 1h 'tips = sum(tip)' --by driverId then top 1 tips --per-window fares.ndjson`);
  assert.deepEqual(best.map(({ window_end, tips }) => ({ window_end, tips })), expected);
  for (const { window_end, driverId, tips } of best) assert.equal(hours.get(Date.parse(window_end) / HOUR - 1)!.get(driverId), tips);
});

test('rides that are open for more than two hours', () => {
  const LONG = `export default {
    onRecord(ride, ctx) {
      if (ride.isStart) ctx.timers.at(ctx.time + 2 * ${HOUR});
      else ctx.state.value('end').set(ctx.time);
    },
    onTimer(time, ctx) {
      if (ctx.state.value('end').get() === undefined) ctx.emit({ rideId: ctx.key });
    },
  };`;
  writeFileSync(join(shell.folder, 'long.mjs'), LONG);
  const ends = new Map(rides.filter((r) => !r.isStart).map((r) => [r.rideId, Date.parse(r.eventTime)]));
  const isLong = (r: Ride) => !((ends.get(r.rideId) ?? Number.POSITIVE_INFINITY) < Date.parse(r.eventTime) + 2 * HOUR);
  const expected = rides.filter((r) => r.isStart && isLong(r)).map(({ rideId }) => rideId);
  assert.ok(expected.length > 0);
  const open = results<{ rideId: number }>('weir --time eventTime --delay 1m process long.mjs --by rideId rides.ndjson').map(({ rideId }) => rideId);
  assert.deepEqual(open.sort((a, b) => a - b), expected.sort((a, b) => a - b));
});
