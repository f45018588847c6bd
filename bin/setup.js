// in: package-lock.json
// out: node_modules as it says; does nothing where that has been done
const { execFileSync } = require('node:child_process');
const { existsSync, statSync, utimesSync } = require('node:fs');

const done = 'node_modules/.package-lock.json';
if (!existsSync(done) || statSync(done).mtimeMs < statSync('package-lock.json').mtimeMs) {
  process.stderr.write('installing the packages of package-lock.json …\n');
  // Not `npm ci`: it refuses a lock file that leaves out optional packages of other platforms, as ours does with the linter's.
  execFileSync('npm', ['install', '--no-save', '--no-fund', '--no-audit', '--loglevel=error'], { stdio: ['ignore', 'ignore', 'inherit'] });
  utimesSync(done, new Date(), new Date());
}
