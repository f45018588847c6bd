// in: dist/ (built)
// out: a tour of weir in a terminal: a stream is made, and the real command says what is in it (`npm start`)
const { execFileSync, spawnSync } = require('node:child_process');
const { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const EVENTS = 400_000;
/** A few seconds after a full minute: the first records are late by up to three. */
const START = '2026-03-02T09:00:05Z';
const weir = join(__dirname, 'weir.js');
const folder = mkdtempSync(join(tmpdir(), 'weir-demo-'));
const isTerminal = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (isTerminal ? `\x1b[${code}m${text}\x1b[0m` : text);

/** What a person would type, as the words that the shell would make of it. */
function wordsOf(line) {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map((m) => m[1] ?? m[2]);
}

/** A command over several lines, as a person would break it: behind the options, and before each `then`. */
function broken(line) {
  return line.replace(/(?<=format table) | (?=then )/g, ' \\\n    ');
}

/** Shows a command with a remark, runs it, and says how fast it was. */
function show(remark, line) {
  process.stdout.write(`\n${paint(1, remark)}\n${paint(2, '$')} ${paint(32, `weir ${broken(line)}`)}\n`);
  const { status } = spawnSync(process.execPath, [weir, '--stats', 'stats.json', '--progress', 'off', ...wordsOf(line)], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0 || !existsSync(join(folder, 'stats.json'))) process.exit(status ?? 1); // stopped, or nobody reads on
  const { records, bytes, elapsed_ms: ms } = JSON.parse(readFileSync(join(folder, 'stats.json'), 'utf8'));
  const speed = `${(records / ms / 1000).toFixed(1)} million records (${Math.round(bytes / ms / 1000)} MB) a second`;
  process.stdout.write(`${paint(2, `${records.toLocaleString('en')} records in ${(ms / 1000).toFixed(2)} s: ${speed}`)}\n`);
}

/** Writes the stream into a file, as a shell's `>` would. */
function generate() {
  const file = openSync(join(folder, 'access.ndjson'), 'w');
  execFileSync(process.execPath, [weir, 'generate', 'access', '--events', String(EVENTS), '--rate', '400', '--start', START], { stdio: ['ignore', file, 'inherit'] });
  closeSync(file);
}

process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
process.stdout.on('error', () => process.exit(0));

process.stdout.write(`Making ${EVENTS.toLocaleString('en')} lines of a shop's access log, a fifth of them out of order …\n`);
generate();
process.stdout.write(`${paint(2, '$')} ${paint(32, 'head -2 access.ndjson')}\n${readFileSync(join(folder, 'access.ndjson'), 'utf8').split('\n', 2).join('\n')}\n`);

show(
  'When did what fail? Errors per path and minute, where there were more than 100. Lines may come 3 s late.',
  "--time ts --delay 3s --output-format table filter 'status >= 500' then tumble 1m 'errors = count(), p99 = round(quantile(ms, 0.99))' --by path then filter 'errors > 100' access.ndjson",
);
show(
  'The slowest path of every five minutes.',
  "--time ts --delay 3s --output-format table tumble 5m 'n = count(), p99 = round(quantile(ms, 0.99))' --by path then top 1 p99 --per-window then drop rank access.ndjson",
);
show('What if nobody waited for late lines? weir counts them, and says what they would have needed.', "--time ts --output-format table tumble 5m 'n = count()' access.ndjson");
show(
  'Everything per path. Sums are exact, in any order.',
  "--output-format table agg 'n = count(), mb = sum(bytes) / 1e6, error_rate = round(count_if(status >= 500) / count(), 4)' --by path access.ndjson",
);
process.stdout.write(`\nThe same by hand: ${paint(32, 'node bin/weir.js help')}, or the commands in README.md\n`);
