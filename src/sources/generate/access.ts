// in: random numbers
// out: an access log of a shop whose checkout fails for a while now and then; records are up to 3 s out of order

import { IsoClock, Random } from './random.ts';
import type { Generator, GeneratorRules } from './rules.ts';

const PATHS = ['/', '/search', '/item', '/cart', '/checkout', '/login', '/api/stock', '/help', '/about'];
const METHODS = ['GET', 'GET', 'GET', 'POST'];
/** ms that a path takes, about */
const SLOWNESS: Readonly<Record<string, number>> = { '/search': 90, '/checkout': 140, '/api/stock': 15 };
const INCIDENT = { everyMs: 600_000, fromMs: 120_000, forMs: 90_000 };

export function access({ seed, rate, start }: GeneratorRules): Generator {
  const random = new Random(seed);
  const clock = new IsoClock();
  let n = 0;
  return () => {
    const now = start + Math.floor((n++ * 1000) / rate);
    const ts = now - (random.unit() < 0.2 ? random.below(3000) : 0);
    const path = random.early(PATHS);
    const fails = path === '/checkout' && isIncident(now - start);
    const ms = Math.floor((SLOWNESS[path] ?? 30) * (fails ? 20 : 1) * (0.5 - Math.log(1 - random.unit()))) + 1;
    const ip = `203.0.113.${random.below(250) + 1}`;
    return `{"ts":"${clock.format(ts)}","ip":"${ip}","method":"${random.pick(METHODS)}","path":"${path}","status":${status(random, fails)},"bytes":${200 + random.below(20_000)},"ms":${ms}}\n`;
  };
}

function isIncident(ms: number): boolean {
  const at = ms % INCIDENT.everyMs;
  return at >= INCIDENT.fromMs && at < INCIDENT.fromMs + INCIDENT.forMs;
}

function status(random: Random, fails: boolean): number {
  const u = random.unit();
  if (fails && u < 0.6) return 503;
  if (u < 0.92) return 200;
  if (u < 0.96) return 304;
  return u < 0.995 ? 404 : 500;
}
