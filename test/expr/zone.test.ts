// in: instants around changes of clocks
// out: local days of 23, 24 and 25 hours, formats and what is read back

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIso } from '../../src/expr/iso.ts';
import { addDays, addMonths, isZone, localDay, dayStart, startOfDay, startOfMonth, startOfWeek, toInstant, toLocal, zoneOf } from '../../src/expr/zone.ts';
import { Random } from './random.ts';
import { TestScope, value } from './support.ts';

const iso = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');
const at = (text: string) => Date.parse(text);
const berlin = zoneOf('Europe/Berlin');
const utc = zoneOf('UTC');

test('days are as long as the clocks make them', () => {
  const hours = (date: string, zone = berlin) => {
    const start = startOfDay(at(`${date}T12:00:00Z`), zone);
    return (addDays(start, 1, zone) - start) / 3_600_000;
  };
  assert.deepEqual(['2025-03-29', '2025-03-30', '2025-10-26'].map((d) => hours(d)), [24, 23, 25]);
  assert.equal(hours('2025-04-06', zoneOf('Australia/Lord_Howe')), 24.5);
  assert.equal(iso(startOfDay(at('2025-03-30T22:30:00Z'), berlin)), '2025-03-30T22:00:00Z');
});

test('a midnight that clocks skip begins when they go on', () => {
  const saoPaulo = zoneOf('America/Sao_Paulo');
  assert.equal(iso(startOfDay(at('2018-11-04T12:00:00Z'), saoPaulo)), '2018-11-04T03:00:00Z');
  assert.equal(iso(startOfDay(at('2018-11-03T12:00:00Z'), saoPaulo)), '2018-11-03T03:00:00Z');
});

test('gaps move forward, overlaps take the earlier', () => {
  const instant = (text: string) => iso(parseIso(text, berlin));
  assert.equal(instant('2025-03-30T02:30'), '2025-03-30T01:30:00Z');
  assert.equal(instant('2025-10-26 02:30:00'), '2025-10-26T00:30:00Z');
  assert.equal(instant('2025-07-01'), '2025-06-30T22:00:00Z');
});

test('weeks begin on Monday, months on the first', () => {
  assert.equal(iso(startOfWeek(at('2025-03-30T12:00:00Z'), berlin)), '2025-03-23T23:00:00Z');
  assert.equal(iso(startOfWeek(at('1970-01-01T00:00:00Z'), utc)), '1969-12-29T00:00:00Z');
  assert.equal(iso(startOfMonth(at('2025-03-31T23:00:00Z'), berlin)), '2025-03-31T22:00:00Z');
  assert.equal(iso(startOfMonth(at('1969-12-31T23:00:00Z'), utc)), '1969-12-01T00:00:00Z');
  assert.equal(iso(addMonths(at('2025-01-31T10:00:00Z'), 1, utc)), '2025-02-28T10:00:00Z');
  assert.equal(iso(addMonths(at('2025-01-31T10:00:00Z'), -2, utc)), '2024-11-30T10:00:00Z');
});

test('local time and back, in many zones', () => {
  const random = new Random(3);
  const zones = ['America/New_York', 'Asia/Kathmandu', 'Pacific/Apia', 'Africa/Casablanca', 'Europe/Dublin', 'Australia/Lord_Howe', '+05:30', 'Asia/Tehran'];
  for (let i = 0; i < 4000; i++) {
    const zone = zoneOf(random.of(zones));
    const ms = Math.floor(random.next() * 2e12);
    const back = toInstant(toLocal(ms, zone), zone);
    assert.ok(back === ms || toLocal(back, zone) === toLocal(ms, zone), `${zone.name} ${ms}`);
    const day = localDay(ms, zone);
    assert.ok(dayStart(day, zone) <= ms && ms < dayStart(day + 1, zone), `${zone.name} ${ms}`);
  }
});

test('offsets are those of Intl', () => {
  const random = new Random(5);
  for (const name of ['America/New_York', 'Africa/Casablanca', 'Pacific/Apia']) {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: name, dateStyle: 'short', timeStyle: 'medium' });
    for (let i = 0; i < 300; i++) {
      const ms = Math.floor(random.next() * 2e9) * 1000;
      assert.equal(toLocal(ms, zoneOf(name)), Date.parse(`${format.format(ms).replace(' ', 'T')}Z`), `${name} ${ms}`);
    }
  }
});

test('names of zones', () => {
  for (const name of ['UTC', 'Z', 'europe/berlin', '+02:00', '-0330', 'Etc/GMT+5']) assert.ok(isZone(name), name);
  for (const name of ['', 'Mars', 'CET/DST', '+2']) assert.ok(!isZone(name), name);
});

test('ISO text', () => {
  const cases: [string, string | undefined][] = [
    ['2025-01-31T10:00:00.123456Z', '2025-01-31T10:00:00.123Z'],
    ['2025-01-31T10:00:00,5+01:00', '2025-01-31T09:00:00.500Z'],
    ['2025-01-31 10:00:00-0330', '2025-01-31T13:30:00Z'],
    ['2025-01-31T10:00+02', '2025-01-31T08:00:00Z'],
    ['2025-01-31T24:00:00Z', '2025-02-01T00:00:00Z'],
    ['0099-12-31', '0099-12-31T00:00:00Z'],
    ['2025-02-29', undefined],
    ['2025-13-01', undefined],
    ['2025-01-31T25:00:00Z', undefined],
    ['yesterday', undefined],
    ['2025-1-1', undefined],
  ];
  for (const [text, expected] of cases) {
    const ms = parseIso(text, utc);
    assert.equal(Number.isNaN(ms) ? undefined : iso(ms), expected, text);
  }
});

test('functions use the zone of the job, or their own', () => {
  const scope = new TestScope(new Set(), { zone: 'America/New_York', timestamps: 'iso', timeUnit: 'ms' });
  const line = '{"t":"2025-07-01T02:30:00Z","local":"2025-07-01T02:30:00","ms":1751337000000,"bad":"x","n":null}';
  assert.equal(value('date(t)', line, scope), '2025-06-30');
  assert.equal(value('date(local)', line, scope), '2025-07-01');
  assert.equal(value('hour(ms)', line, scope), 22);
  assert.equal(value('hour(ms, "Asia/Kathmandu")', line, scope), 8);
  assert.equal(value('minute(ms, "Asia/Kathmandu")', line, scope), 15);
  assert.equal(value('format_time(t, "%F %T %z %Z")', line, scope), '2025-06-30 22:30:00 -0400 EDT');
  assert.equal(value('floor_time(t, "1d")', line, scope), at('2025-06-30T04:00:00Z'));
  for (const text of ['date(bad)', 'hour(n)', 'date(gone)', 'format_time(t, n)', 'hour(t, bad)', 'floor_time(t, bad)', 'parse_time(t, "%H")', 'epoch(true)', 'hour(1e300)']) {
    assert.equal(value(text, line, scope), undefined, text);
  }
});

test('letters of weeks and centuries are written as date(1) does', () => {
  const written = [
    ['2026-01-01', '20 26 00 00 am 12:00:00 AM 01/01/26 00:00:00'],
    ['2026-01-04', '20 26 01 00 am 12:00:00 AM 01/04/26 00:00:00'],
    ['2026-01-05', '20 26 01 01 am 12:00:00 AM 01/05/26 00:00:00'],
    ['2027-01-01', '20 26 00 00 am 12:00:00 AM 01/01/27 00:00:00'],
    ['1899-12-31T13:05:09', '18 99 53 52 pm 01:05:09 PM 12/31/99 13:05:09'],
  ];
  for (const [t, text] of written) assert.equal(value('format_time(t, "%C %g %U %W %P %r %x %X")', JSON.stringify({ t })), text, t);
});

test('formats are read back as they are written', () => {
  const random = new Random(9);
  const formats = ['%Y-%m-%dT%H:%M:%S.%L%z', '%s', '%a, %d %b %Y %I:%M:%S %p %z', '%A %e %B %Y %T %z', '%j %Y %H:%M:%S %z', '%d/%b/%Y:%H:%M:%S %z', '%D %R%z'];
  for (let i = 0; i < 500; i++) {
    const format = random.of(formats);
    const step = format.includes('%L') ? 1 : format.includes('%R') ? 60_000 : 1000;
    const ms = Math.floor((random.next() * 2e12) / step) * step;
    const text = value(`format_time(t, f, "Asia/Kolkata")`, JSON.stringify({ t: ms, f: format }));
    assert.equal(value('parse_time(text, f)', JSON.stringify({ text, f: format })), ms, `${format} ${text}`);
  }
  assert.equal(value('format_time(0, "%G-W%V-%u %y %j %w %k|%l|%n%t%%")'), '1970-W01-4 70 001 4  0|12|\n\t%');
  assert.equal(value('format_time("2027-01-01", "%G-W%V")'), '2026-W53');
});
