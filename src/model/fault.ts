// in: WEIR_FAULT=POINT[:N]
// out: the process kills itself (SIGKILL) when it comes to that point for the N-th time: tests of what a snapshot must survive

/** Every step that a death must not spoil, in the order in which a job comes to them. */
export const faultPoints = [
  'lock.taken',
  'restore.chosen',
  'restore.inputs',
  'restore.states',
  'output.truncate',
  'output.truncated',
  'input.read',
  'input.block',
  'output.write',
  'output.half',
  'output.written',
  'snapshot.begin',
  'snapshot.folder',
  'snapshot.section',
  'snapshot.synced',
  'snapshot.manifest',
  'snapshot.ready',
  'snapshot.renamed',
  'snapshot.published',
  'prune.begin',
  'prune.renamed',
  'prune.done',
  'end.input',
  'end.drained',
  'end.closed',
  'lock.released',
] as const;

export type FaultPoint = (typeof faultPoints)[number];

function armed(spec: string): (point: FaultPoint) => void {
  const [name, count] = spec.split(':');
  let left = Number(count ?? 1);
  return (point) => {
    if (point === name && --left === 0) process.kill(process.pid, 'SIGKILL');
  };
}

const spec = process.env['WEIR_FAULT'];

/** Called at a point; does nothing unless the environment names it. */
export const fault: (point: FaultPoint) => void = spec === undefined ? () => {} : armed(spec);

/** Whether the environment names a point, for steps that are taken apart only to die within them. */
export const isArmed = (point: FaultPoint): boolean => spec?.split(':')[0] === point;
