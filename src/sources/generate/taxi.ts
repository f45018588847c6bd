// in: random numbers
// out: taxi rides (a start and an end each) and the fares of the same rides, as Flink's exercises have them

import { IsoClock, Random } from './random.ts';
import type { Generator, GeneratorRules } from './rules.ts';

const TAXIS = 200;
const FIRST_ID = 2_013_000_001;
const MINUTE = 60_000;

/** All of a ride follows from seed and number, so that starts, ends and fares fit together and nothing need be kept. */
interface Ride {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly taxi: number;
  /** for what else there is to say */
  readonly random: Random;
}

function rideOf(rules: GeneratorRules, id: number): Ride {
  const random = new Random(Math.imul(rules.seed, 0x9e3779b1) ^ Math.imul(id, 0x85ebca6b));
  const start = rules.start + Math.floor(((id - 1) * 1000) / rules.rate);
  const minutes = random.unit() < 0.02 ? 120 + random.below(180) : 3 + random.below(70);
  const end = start + minutes * MINUTE + random.below(MINUTE);
  return { id, start, end, taxi: FIRST_ID + random.below(TAXIS), random };
}

/** In the order of their times: starts, and the ends of rides that are under way. */
export function rides(rules: GeneratorRules): Generator {
  const clock = new IsoClock();
  const underWay = new RidesByEnd(rules);
  let next = rideOf(rules, 1);
  return () => {
    const ended = underWay.endedBy(next.start);
    if (ended) return line(ended, false, ended.end, clock);
    const ride = next;
    underWay.add(ride);
    next = rideOf(rules, ride.id + 1);
    return line(ride, true, ride.start, clock);
  };
}

/** Rides under way, by the minute of their end: of a minute that has not come only their numbers are kept. */
class RidesByEnd {
  private readonly minutes = new Map<number, number[]>();
  private minute: number;
  /** of the minute that is now, the last one first */
  private ending: Ride[] = [];

  constructor(private readonly rules: GeneratorRules) {
    this.minute = Math.floor(rules.start / MINUTE);
  }

  /** A ride takes more than a minute, so its end is not in the minute that is now. */
  add(ride: Ride): void {
    const minute = Math.floor(ride.end / MINUTE);
    const ids = this.minutes.get(minute);
    if (ids) ids.push(ride.id);
    else this.minutes.set(minute, [ride.id]);
  }

  /** The next ride that ended at this time or before; undefined: none is left. */
  endedBy(time: number): Ride | undefined {
    while (this.ending.length === 0 && (this.minute + 1) * MINUTE <= time) this.begin(this.minute + 1);
    const last = this.ending.at(-1);
    return last && last.end <= time ? this.ending.pop() : undefined;
  }

  private begin(minute: number): void {
    this.minute = minute;
    const ids = this.minutes.get(minute) ?? [];
    this.minutes.delete(minute);
    this.ending = ids.map((id) => rideOf(this.rules, id)).sort((a, b) => b.end - a.end || b.id - a.id);
  }
}

function line(ride: Ride, isStart: boolean, time: number, clock: IsoClock): string {
  const { random } = ride;
  return (
    `{"rideId":${ride.id},"isStart":${isStart},"eventTime":"${clock.format(time)}",` +
    `"startLon":-${degrees(73_750_000 + random.below(300_000))},"startLat":${degrees(40_600_000 + random.below(300_000))},` +
    `"endLon":-${degrees(73_750_000 + random.below(300_000))},"endLat":${degrees(40_600_000 + random.below(300_000))},` +
    `"passengerCnt":${1 + random.below(4)},"taxiId":${ride.taxi},"driverId":${ride.taxi}}\n`
  );
}

/** Millionths as a decimal, without the price of toFixed. */
function degrees(micro: number): string {
  const whole = Math.floor(micro / 1_000_000);
  return `${whole}.${String(micro - whole * 1_000_000).padStart(6, '0')}`;
}

export function fares(rules: GeneratorRules): Generator {
  const clock = new IsoClock();
  let id = 0;
  return () => {
    const { taxi, start, end, random } = rideOf(rules, ++id);
    const price = 3 + Math.floor((end - start) / MINUTE) * 1.5;
    const tip = random.below(4) === 0 ? 0 : Math.floor(price * random.unit() * 0.3);
    const tolls = random.below(20) === 0 ? 5.5 : 0;
    return `{"rideId":${id},"taxiId":${taxi},"driverId":${taxi},"startTime":"${clock.format(start)}","paymentType":"${random.unit() < 0.7 ? 'CARD' : 'CASH'}","tip":${tip},"tolls":${tolls},"totalFare":${price + tip + tolls}}\n`;
  };
}
