// in: --events N, --runs N, --only q0,q1,qjs,lookup,within,nexmark,startup,pipe, --peers duckdb,mlr,jq, --weir FILE, --memory
// out: a table of weir beside its peers, as `npm run bench` prints it; outputs are compared first, and a difference is an error
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compareRows } from './compare.mjs';
import { KINDS, writeEvents } from './events.mjs';
import { hasFigures, medians, pair, run } from './measure.mjs';
import { checkNexmark } from './nexmark.mjs';
import { findPeers } from './peers.mjs';
import { QUERIES } from './queries.mjs';
import { tableOf } from './table.mjs';

const ALL = 'q0,q1,qjs,lookup,within,nexmark,startup,pipe';
const { values: options } = parseArgs({
  options: {
    events: { type: 'string', default: '2000000' },
    runs: { type: 'string', default: '5' },
    only: { type: 'string', default: ALL },
    peers: { type: 'string', default: 'duckdb,mlr,jq' },
    weir: { type: 'string', default: fileURLToPath(new URL('../bin/weir.js', import.meta.url)) },
    memory: { type: 'boolean', default: false },
  },
});
const events = Number(options.events);
const runs = Number(options.runs);
const only = listed(options.only, ALL.split(','));
const wanted = listed(options.peers, ['duckdb', 'mlr', 'jq']);
const folder = fileURLToPath(new URL('../.bench', import.meta.url));
const figures = join(folder, 'figures');
const MEMORY_EVENTS = 10_000_000;
const MEMORY_GOAL = 150;

/** The names of a comma list; one that is not known ends the bench. */
function listed(text, known) {
  const names = text.split(',');
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return new Set(names);
  process.stderr.write(`'${unknown}' is none of ${known.join(', ')}\n`);
  process.exit(2);
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

/** The file with so many events of a kind; made where it is not there yet. */
function eventsOf(kind, wanted) {
  const count = KINDS[kind].count ?? wanted;
  const file = join(folder, `${kind}-${count}.ndjson`);
  if (!existsSync(file)) {
    say(`making ${count.toLocaleString('en')} ${kind} …`);
    writeEvents(file, kind, count);
  }
  return file;
}

const bids = (count) => eventsOf('bids', count);

function weir(words) {
  return [process.execPath, options.weir, '-p', '1', '--progress', 'off', ...words];
}

/** A peer's words for a run, and where its rows go. */
function peerWords(peer, [file, beside], out) {
  if (peer.sql) return [process.execPath, fileURLToPath(new URL('./duckdb.mjs', import.meta.url)), peer.sql(file, beside), out];
  return peer.words(file);
}

/** Both sides once, into files, on the events that the peer will run on. */
async function check(query, peer, files) {
  const ours = join(folder, 'weir.out');
  const theirs = join(folder, 'peer.out');
  await run(weir(query.weir(...files)), { out: ours });
  await run(peerWords(peer, files, theirs), { out: peer.sql ? '/dev/null' : theirs });
  const rows = compareRows(ours, theirs, { columns: query.columns, places: peer.places, name: peer.peer });
  rmSync(ours);
  rmSync(theirs);
  return rows;
}

async function beside(query, peer) {
  const part = peer.part ?? 1;
  const count = Math.ceil(events / (query.part ?? 1));
  const files = (n) => ['bids', ...(query.beside ? [query.beside] : [])].map((kind) => eventsOf(kind, n));
  const theirs = files(Math.ceil(count / part));
  const rows = await check(query, peer, theirs);
  say(`${query.name} beside ${peer.peer}: the same ${rows.toLocaleString('en')} rows${part > 1 ? `, on 1/${part} of the events` : ''}`);
  const measured = await pair(weir(query.weir(...files(count))), peerWords(peer, theirs, '/dev/null'), { runs, figures, scale: part });
  return { query: query.name, peer: peer.peer, measured, goal: peer.goal, cpuGoal: peer.cpuGoal, note: part > 1 ? `1/${part} of the events, time × ${part}` : query.part ? `1/${query.part} of the events, on both sides` : '' };
}

async function startup() {
  const measured = await pair([process.execPath, options.weir, '--version'], [process.execPath, '-e', '0'], { runs: Math.max(runs, 15), figures });
  return { query: 'startup', peer: 'node -e 0', measured, goal: 1.5 };
}

async function pipe() {
  const file = bids(events);
  const through = (words) => ['sh', '-c', 'in=$1; shift; cat "$in" | "$@" > /dev/null', 'sh', file, ...words];
  const measured = await pair(through(weir(['filter', 'channel == "Apple"'])), through(['cat']), { runs, figures });
  return { query: 'pipe', peer: 'cat | cat', measured, goal: 1, note: 'q0, from stdin' };
}

/** Ten million bids through windows: the peak must not grow with the input. */
async function memory() {
  const small = bids(events);
  const large = bids(MEMORY_EVENTS);
  const words = (file) => weir(['--time', 'dateTime', '--delay', '4s', 'tumble', '10s', 'n = count(), total = sum(price), top = max(price)', '--by', 'auction', file]);
  for (const file of [small, large]) {
    const { wall, cpu, memory: peak } = medians([await run(words(file), { figures })]);
    const speed = statSync(file).size / 1e6 / wall;
    process.stdout.write(`${file === large ? MEMORY_EVENTS : events} bids, tumble 10s per auction: peak ${Math.round(peak)} MB (goal <= ${MEMORY_GOAL}), ${wall.toFixed(2)} s wall, ${cpu.toFixed(2)} s CPU, ${Math.round(speed)} MB/s\n`);
  }
}

/** name → version of the peers that are wanted and there. */
function wantedPeers() {
  const found = findPeers(folder, wanted);
  for (const [name, version] of found) if (!version) say(`${name} is not installed: left out`);
  return new Map([...found].filter(([, version]) => version));
}

async function allPairs(peers) {
  const results = [];
  for (const query of QUERIES.filter((q) => only.has(q.name))) {
    for (const peer of query.peers.filter((p) => peers.has(p.peer))) results.push(await beside(query, peer));
  }
  if (only.has('nexmark') && peers.has('duckdb')) checkNexmark(folder, options.weir, say);
  if (only.has('startup')) results.push(await startup());
  if (only.has('pipe')) results.push(await pipe());
  return results;
}

async function table() {
  const peers = wantedPeers();
  const results = await allPairs(peers);
  const size = statSync(bids(events)).size / 1e6;
  process.stdout.write(`${events.toLocaleString('en')} bids, ${Math.round(size)} MB; ${cpus().length} cores; node ${process.versions.node}; ${[...peers].map((p) => p.join(' ')).join(', ')}\n`);
  process.stdout.write('Whole processes in turn, medians; seconds; wall and CPU are weir / peer: less is better.\n\n');
  process.stdout.write(`${tableOf(results).join('\n')}\n`);
}

mkdirSync(folder, { recursive: true });
if (!hasFigures) say('no GNU time here (Debian: apt-get install time): wall times only');
try {
  if (options.memory) await memory();
  else await table();
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
