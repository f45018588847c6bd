// in: what a snapshot is of
// out: its manifest as text that vouches for itself, and back

import { WeirError, Exit } from '../model/errors.ts';
import { checksumOf, type FileEntry } from './files.ts';

/** Number of the layout of snapshots; one that a weir does not know is refused. */
export const FORMAT = 2;

/** Why a snapshot was taken. Behind `kept` and `stopped` nothing has been written. */
export type Occasion = 'start' | 'running' | 'stopped' | 'kept' | 'drain' | 'savepoint';

/** How far an input was read. */
export interface InputRow {
  readonly name: string;
  readonly bytes: number;
  readonly ended: boolean;
}

/** Everything of a snapshot but the state. What `outputs` and `summary` hold is theirs to know. */
export interface Manifest {
  readonly format: number;
  /** version of weir that wrote it */
  readonly weir: string;
  /** ISO, when it was taken */
  readonly taken: string;
  readonly occasion: Occasion;
  /** hash of the pipeline */
  readonly fingerprint: string;
  /** the pipeline in words: options, then stages in order */
  readonly pipeline: readonly string[];
  /** how far inputs were read, for people, and for who asks whether a pipe has been read whole: the state says it for the next run */
  readonly inputs: readonly InputRow[];
  /** positions of the outputs, by name */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** figures so far */
  readonly summary: unknown;
  readonly files: readonly FileEntry[];
}

const TAIL = /,\n {2}"checksum": "([0-9a-f]{8})"\n\}\n$/;

/** JSON, whose last member vouches for all before it. */
export function manifestText(manifest: Manifest): string {
  const text = JSON.stringify(manifest, undefined, 2).slice(0, -'\n}'.length);
  return `${text},\n  "checksum": "${checksumOf(text)}"\n}\n`;
}

/** Throws Error with a reason where the text is not as it was written; WeirError (exit 3) where another weir wrote it. */
export function parseManifest(text: string, path: string): Manifest {
  const tail = TAIL.exec(text);
  if (!tail || checksumOf(text.slice(0, tail.index)) !== tail[1]) throw new Error('its manifest is damaged');
  const manifest = JSON.parse(text) as Manifest;
  if (manifest.format === FORMAT) return manifest;
  throw new WeirError(
    `${path} is a snapshot of format ${manifest.format}, written by weir ${manifest.weir}; this one knows format ${FORMAT}`,
    Exit.snapshot,
    `use weir ${manifest.weir}, or start anew with --fresh`,
  );
}
