// in: dist/ (built)
// out: man/weir.1 and man/weir-STAGE.1, as `npm run man` writes them: the command itself prints them
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';

process.chdir(new URL('..', import.meta.url).pathname);
const weir = (...words) => execFileSync(process.execPath, ['bin/weir.js', ...words], { encoding: 'utf8' });

mkdirSync('man', { recursive: true });
for (const old of readdirSync('man')) rmSync(`man/${old}`);
writeFileSync('man/weir.1', weir('help', '--man'));
for (const { name } of JSON.parse(weir('help', '--json')).stages) writeFileSync(`man/weir-${name}.1`, weir('help', name, '--man'));
