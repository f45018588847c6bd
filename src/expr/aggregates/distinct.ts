// in: values of a group
// out: approx_count_distinct: about how many different ones there are

import { canonicalKey } from '../canonical.ts';
import { murmur3, utf8Bytes } from '../hash.ts';
import { isNothing } from '../order.ts';
import { type Accumulator, type AggregateDefinition, opaque } from './definition.ts';

/** 2^14 registers: a standard error of 0.8 %. */
const BITS = 14;
const REGISTERS = 1 << BITS;
/** Bits of a hash behind those that choose the register. */
const TAIL = 64 - BITS;
/** Up to so many used registers are kept as a map. */
const MAX_SPARSE = 1024;

/** Registers of a HyperLogLog (Flajolet et al. 2007): the longest run of zeros, plus one, seen in each. */
type Registers = Map<number, number> | Uint8Array;

function raise(registers: Registers, index: number, rank: number): Registers {
  if (registers instanceof Uint8Array) {
    if (registers[index]! < rank) registers[index] = rank;
    return registers;
  }
  if ((registers.get(index) ?? 0) < rank) registers.set(index, rank);
  return registers.size > MAX_SPARSE ? dense(registers) : registers;
}

function dense(sparse: Map<number, number>): Uint8Array {
  const array = new Uint8Array(REGISTERS);
  for (const [index, rank] of sparse) array[index] = rank;
  return array;
}

/** Two 32-bit hashes as one of 64 bits: the first 14 choose a register, the zeros that follow are counted. */
function addKey(registers: Registers, key: string): Registers {
  const bytes = utf8Bytes(key);
  const [high, low] = [murmur3(bytes, 0x9747b28c), murmur3(bytes, 0x5bd1e995)];
  const tail = (high << BITS) >>> 0;
  const zeros = tail !== 0 ? Math.clz32(tail) : 32 - BITS + Math.clz32(low);
  return raise(registers, high >>> (32 - BITS), Math.min(zeros, TAIL) + 1);
}

function entries(registers: Registers): Iterable<[number, number]> {
  return registers.entries();
}

/** How many registers hold each rank. */
function histogram(registers: Registers): number[] {
  const counts = new Array<number>(TAIL + 2).fill(0);
  let used = 0;
  for (const [, rank] of entries(registers)) {
    if (rank > 0) used++;
    counts[rank]!++;
  }
  counts[0] = REGISTERS - used;
  return counts;
}

/** Ertl's improved raw estimator ("New cardinality estimation algorithms for HyperLogLog sketches", 2017), good for small numbers, too. */
function estimate(registers: Registers): number {
  const counts = histogram(registers);
  let z = REGISTERS * tau(1 - counts[TAIL + 1]! / REGISTERS);
  for (let k = TAIL; k >= 1; k--) z = 0.5 * (z + counts[k]!);
  z += REGISTERS * sigma(counts[0]! / REGISTERS);
  return Math.round((REGISTERS * REGISTERS) / (2 * Math.LN2) / z);
}

function sigma(x: number): number {
  if (x === 1) return Number.POSITIVE_INFINITY;
  let [power, y, z, before] = [x, 1, x, Number.NaN];
  while (z !== before) {
    power *= power;
    before = z;
    z += power * y;
    y += y;
  }
  return z;
}

function tau(x: number): number {
  if (x === 0 || x === 1) return 0;
  let [root, y, z, before] = [x, 1, 1 - x, Number.NaN];
  while (z !== before) {
    root = Math.sqrt(root);
    before = z;
    y *= 0.5;
    z -= (1 - root) ** 2 * y;
  }
  return z / 3;
}

const APPROXIMATE: Accumulator<Registers> = {
  create: () => new Map(),
  add: (registers, value) => (isNothing(value) ? registers : addKey(registers, canonicalKey(value))),
  merge: (into, from) => {
    let merged = into;
    for (const [index, rank] of entries(from)) if (rank > 0) merged = raise(merged, index, rank);
    return merged;
  },
  result: estimate,
  save: (registers) => (registers instanceof Uint8Array ? Buffer.from(registers).toString('base64') : [...registers]),
  load: (saved) => (typeof saved === 'string' ? new Uint8Array(Buffer.from(saved, 'base64')) : new Map(saved as [number, number][])),
};

export const DISTINCT_AGGREGATES: readonly AggregateDefinition[] = [
  {
    name: 'approx_count_distinct',
    usage: 'approx_count_distinct(x)',
    min: 1,
    max: 1,
    help: 'about how many different values there are: within 1 % mostly, in at most 16 KB',
    example: { call: 'approx_count_distinct(x)', result: 3 },
    columns: ['exact'],
    create: () => opaque(APPROXIMATE),
  },
];
