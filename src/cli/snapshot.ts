// in: the words behind `weir snapshot`
// out: what snapshots hold, whether they are whole; savepoints; snapshots removed

import { Exit, UsageError, WeirError } from '../model/errors.ts';
import { didYouMean } from '../model/suggest.ts';
import { askForSavepoint } from '../snapshot/ask.ts';
import { list, open } from '../snapshot/inspect.ts';
import { remove } from '../snapshot/remove.ts';
import type { Call } from './call.ts';
import { commandSpecs } from './command-table.ts';
import { listed, shown } from './snapshot-rows.ts';
import { complain, print } from './terminal.ts';

type Action = (dir: string, id: string | undefined) => Promise<number>;

const actions: Readonly<Record<string, Action>> = { ls, show, verify, save, rm };

export async function action({ words }: Call): Promise<number> {
  const [what, dir, id] = words;
  const run = Object.hasOwn(actions, what!) ? actions[what!] : undefined;
  const names = Object.keys(actions);
  if (!run) throw new UsageError(`snapshot: unknown word '${what}'`, didYouMean(what!, names) ?? `usage: weir ${commandSpecs.find((c) => c.name === 'snapshot')!.usage}`);
  if (id !== undefined && (run === ls || run === save)) throw new UsageError(`snapshot ${what}: '${id}' means nothing here`, `usage: weir snapshot ${what} DIR`);
  return run(dir!, id);
}

/** A line of JSON per snapshot, oldest first. */
async function ls(dir: string): Promise<number> {
  for (const one of await list(dir)) print(`${JSON.stringify(listed(one))}\n`);
  return Exit.done;
}

/** The newest one, or the one named: its positions, then its state. */
async function show(dir: string, id: string | undefined): Promise<number> {
  const { snapshot, states } = await open(dir, id, (text) => complain(`weir: warning: ${text}\n`));
  for (const line of shown(snapshot, states)) print(line);
  return Exit.done;
}

/** A line per snapshot; an error if one of them is not whole. */
async function verify(dir: string, id: string | undefined): Promise<number> {
  if (id !== undefined) {
    const { snapshot } = await open(dir, id, () => {});
    print(`${snapshot.id}: whole\n`);
    return Exit.done;
  }
  const all = await list(dir);
  if (all.length === 0) throw new WeirError(`there are no snapshots in ${dir}`, Exit.snapshot, 'name the DIR of --snapshots');
  for (const one of all) print(`${one.id}: ${one.reason ?? 'whole'}\n`);
  return all.some((one) => one.reason !== undefined) ? Exit.snapshot : Exit.done;
}

/** Asks the job that runs there for a savepoint. */
async function save(dir: string): Promise<number> {
  print(`${await askForSavepoint(dir)}\n`);
  return Exit.done;
}

/** All of them, or the one named. */
async function rm(dir: string, id: string | undefined): Promise<number> {
  for (const gone of await remove(dir, id)) print(`${gone}\n`);
  return Exit.done;
}
