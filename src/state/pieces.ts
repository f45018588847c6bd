// in: what groups of single keys have in kernel memory
// out: pieces of it, as frozen.ts of the kernels lays them out

import { type FrozenState, KEY_GROUPS, type StatePiece, type StateValue } from '../model/state.ts';
import { keyGroup } from './key-group.ts';

const PIECE_HEAD = 16 + KEY_GROUPS * 4;

interface Rows {
  readonly name: string;
  readonly of: StateValue;
  readonly keys: string[];
  /** bytes of each, one char a byte; all of one length */
  readonly rows: string[];
}

/** Gathers the rows of single keys. */
export class RowGatherer {
  private readonly all = new Map<string, Rows>();

  /** @param row its bytes, one char a byte; behind what it is of, if that is not null */
  add(name: string, key: string, row: string | readonly [of: StateValue, row: string]): void {
    const [of, bytes] = typeof row === 'string' ? [null, row] : row;
    const place = `${name} ${String(of)}`;
    let rows = this.all.get(place);
    if (!rows) this.all.set(place, (rows = { name, of, keys: [], rows: [] }));
    rows.keys.push(key);
    rows.rows.push(bytes);
  }

  /** A piece for each name and what it is of. */
  get pieces(): StatePiece[] {
    return Array.from(this.all.values(), ({ name, of, keys, rows }) => ({ name, of, bytes: pieceOf(keys, rows) }));
  }
}

/** By key group: how many rows there are; then the lengths of the keys, the rows, the keys. */
function pieceOf(keys: readonly string[], rows: readonly string[]): Uint8Array {
  const groups = keys.map(keyGroup);
  const order = Array.from(keys.keys()).sort((a, b) => groups[a]! - groups[b]!);
  const width = rows[0]!.length;
  const keyBytes = keys.reduce((sum, key) => sum + key.length, 0);
  const bytes = Buffer.alloc(PIECE_HEAD + keys.length * (4 + width) + keyBytes);
  [keys.length, width, keyBytes, keys.length].forEach((n, i) => bytes.writeUInt32LE(n, i * 4));
  let [length, row] = [PIECE_HEAD, PIECE_HEAD + keys.length * 4];
  let at = row + keys.length * width;
  for (const i of order) {
    const count = 16 + groups[i]! * 4;
    bytes.writeUInt32LE(bytes.readUInt32LE(count) + 1, count);
    length = bytes.writeUInt32LE(keys[i]!.length, length);
    row += bytes.latin1Write(rows[i]!, row);
    at += bytes.latin1Write(keys[i]!, at);
  }
  return bytes;
}

/** A piece that nothing changes any more. */
export function frozenPiece(bytes: Uint8Array): FrozenState {
  let piece: ReturnType<FrozenState['next']> = { bytes, keys: [], values: [] };
  return {
    next() {
      const next = piece;
      piece = undefined;
      return next;
    },
    release: () => {},
  };
}
