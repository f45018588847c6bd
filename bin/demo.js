// in: dist/ (built)
// out: a tour of weir in a terminal: a stream is made, and the real command says what is in it (`npm start`)
const { execFileSync, spawnSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const EVENTS = 400_000;
const weir = join(__dirname, 'weir.js');
const folder = mkdtempSync(join(tmpdir(), 'weir-demo-'));
const isTerminal = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (isTerminal ? `\x1b[${code}m${text}\x1b[0m` : text);

/** What a person would type, as the words that the shell would make of it. */
function wordsOf(line) {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map((m) => m[1] ?? m[2]);
}

/** Shows a command with a remark, runs it, and says how fast it was. */
function show(remark, line) {
  process.stdout.write(`\n${paint(2, `# ${remark}`)}\n${paint(2, '$')} ${paint(32, `weir ${line}`)}\n`);
  const { status } = spawnSync(process.execPath, [weir, '--stats', 'stats.json', '--progress', 'off', ...wordsOf(line)], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
  const { records, bytes, elapsed_ms: ms } = JSON.parse(readFileSync(join(folder, 'stats.json'), 'utf8'));
  const speed = `${(records / ms / 1000).toFixed(1)} million records (${Math.round(bytes / ms / 1000)} MB) a second`;
  process.stdout.write(paint(2, `  ${records.toLocaleString('en')} records in ${(ms / 1000).toFixed(2)} s: ${speed}\n`));
}

try {
  process.stdout.write(`Making ${EVENTS.toLocaleString('en')} lines of the access log of a shop, a fifth of them out of order …\n`);
  const log = execFileSync(process.execPath, [weir, 'generate', 'access', '--events', String(EVENTS), '--rate', '400'], { maxBuffer: 1 << 30 });
  writeFileSync(join(folder, 'access.ndjson'), log);
  process.stdout.write(`${paint(2, '$ head -2 access.ndjson')}\n${log.toString('utf8', 0, 400).split('\n').slice(0, 2).join('\n')}\n`);

  show(
    'When did what fail? Errors per path and minute; lines may be 3 s late; minutes with more than 100',
    "--time ts --delay 3s --output-format table filter 'status >= 500' then tumble 1m 'errors = count(), p99 = round(quantile(ms, 0.99))' --by path then filter 'errors > 100' access.ndjson",
  );
  show(
    'The slowest path of every five minutes',
    "--time ts --delay 3s --output-format table tumble 5m 'n = count(), p99 = round(quantile(ms, 0.99))' --by path then top 1 p99 --per-window access.ndjson",
  );
  show('What if nobody waited for the late lines? It says what they need', "--time ts --output-format table tumble 5m 'n = count()' access.ndjson");
  show('All of it per path, exact sums', "--output-format table agg 'n = count(), mb = sum(bytes) / 1e6, error_rate = round(count_if(status >= 500) / count(), 4)' --by path access.ndjson");
  process.stdout.write(`\nMore: ${paint(32, 'node bin/weir.js help')}, README.md\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
