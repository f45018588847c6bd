// in: package-lock.json
// out: node_modules as it says; does nothing where that has been done
const { execFileSync } = require('node:child_process');
const { existsSync, statSync, utimesSync } = require('node:fs');

const done = 'node_modules/.package-lock.json';
if (!existsSync(done) || statSync(done).mtimeMs < statSync('package-lock.json').mtimeMs) {
  process.stderr.write('installing the packages of package-lock.json …\n');
  execFileSync('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], { stdio: ['ignore', 'ignore', 'inherit'] });
  utimesSync(done, new Date(), new Date());
}
