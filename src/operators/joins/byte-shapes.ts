// in: lines of records in kernel memory
// out: numbers for what they have in common: the names of their members, in order

import { encodeBytes } from '../../model/token.ts';
import { listMembers } from '../../scan/members.ts';
import { memory } from '../../wasm/memory.ts';

/** A record that nobody has looked at. */
export const UNKNOWN = -2;
/** A record that is not written plainly, or whose names nobody knows. */
export const ODD = -1;
/** Shapes that are known at most; records of others are odd. */
export const MOST_SHAPES = 64;
/** Shapes that are tried before a record is looked at closely, those met last first. */
const TRIED = 8;

/** The bytes of `,"name":`. */
export function memberBytes(name: string): string {
  return `,${encodeBytes(JSON.stringify(name))}:`;
}

/** Puts bytes into memory of their own, for good; returns their address. */
export function keepBytes(bytes: string): number {
  const at = memory().alloc(bytes.length + 64);
  memory().put(bytes, at);
  return at;
}

interface ByteShape {
  readonly id: number;
  readonly names: readonly string[];
  /** address of what splice.ts calls a shape */
  readonly at: number;
}

/** The shapes of the records of one input. */
export class ByteShapes {
  private readonly shapes: ByteShape[] = [];
  private readonly byNames = new Map<string, ByteShape>();
  private readonly recent: ByteShape[] = [];

  /** @param takesTwice of names that a record has twice, both count; otherwise they make it odd */
  constructor(private readonly takesTwice: boolean) {}

  namesOf(id: number): readonly string[] {
    return this.shapes[id]!.names;
  }

  /** The number of the shape of the record [at, end), behind which stands a newline; ODD: it has none. */
  of(at: number, end: number): number {
    const { kernels } = memory();
    const { recent } = this;
    for (let i = 0; i < recent.length; i++) {
      const shape = recent[i]!;
      if (!kernels.fitsShape(shape.at, at, end)) continue;
      if (i > 0) recent.unshift(...recent.splice(i, 1));
      return shape.id;
    }
    return this.lookClosely(at, end);
  }

  private lookClosely(at: number, end: number): number {
    const names = listMembers(at, end).map((member) => member.name);
    const shape = this.shapeOf(names);
    if (!shape || !memory().kernels.fitsShape(shape.at, at, end)) return ODD;
    const i = this.recent.indexOf(shape);
    if (i >= 0) this.recent.splice(i, 1);
    this.recent.unshift(shape);
    if (this.recent.length > TRIED) this.recent.pop();
    return shape.id;
  }

  private shapeOf(names: readonly string[]): ByteShape | undefined {
    const id = names.join('\u0000');
    const known = this.byNames.get(id);
    if (known || this.shapes.length === MOST_SHAPES || (!this.takesTwice && new Set(names).size < names.length)) return known;
    const shape = { id: this.shapes.length, names, at: writeShape(names) };
    this.shapes.push(shape);
    this.byNames.set(id, shape);
    return shape;
  }
}

function writeShape(names: readonly string[]): number {
  const m = memory();
  const { at, view } = m.u32(1 + names.length * 2);
  view[0] = names.length;
  names.forEach((name, i) => {
    const bytes = memberBytes(name).slice(1);
    view[1 + 2 * i] = keepBytes(bytes);
    view[2 + 2 * i] = bytes.length;
  });
  return at;
}
