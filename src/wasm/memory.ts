// in: the compiled kernels (dist/kernels.wasm, part of the bundle)
// out: their memory, with views that stay valid for the life of the process, and their functions

import wasm from '#kernels.wasm';
import type { Arrays, Batch } from '../model/batch.ts';
import { MAX_ROWS, type TokenColumn } from '../model/column.ts';
import { WeirError } from '../model/errors.ts';
import type { Kernels } from './kernels.ts';

const PAGE = 65536;
/** Memory is reserved whole, since views detach when it grows; the system lends pages only as they are touched. In pages: 2 GiB, or less where that is refused. */
const SIZES = [32768, 16384, 8192, 4096, 2048];

function reserve(): WebAssembly.Memory {
  for (const initial of SIZES) {
    try {
      return new WebAssembly.Memory({ initial, maximum: 65536 });
    } catch {
      // Less, then: an address space limit (ulimit -v) is in the way.
    }
  }
  throw new WeirError(`no ${(SIZES.at(-1)! * PAGE) / 2 ** 20} MB of address space to be had`, 1, 'raise the limit (ulimit -v)');
}

/** Bytes that are written one by one in less time than a call takes. */
const FEW = 48;

/** The kernels' memory and functions. Addresses are byte offsets into `buffer`. */
export class Memory implements Arrays {
  readonly buffer: ArrayBuffer;
  readonly memory: Buffer;
  readonly dataView: DataView;
  readonly kernels: Kernels;
  /** size and end of the scratch stack, where short-lived text goes; pages of it that nobody touches cost nothing */
  readonly scratchSize: number;
  readonly scratchEnd: number;
  private holder: object | undefined;
  /** by address */
  private readonly held = new Map<number, { readonly size: number; readonly holder: object }>();

  constructor() {
    const memory = reserve();
    const abort = () => {
      throw new WeirError('a kernel ran into an error of its own', 1, 'please report it with the command and, if you can, the input');
    };
    const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm as BufferSource), { env: { memory, abort } });
    this.kernels = instance.exports as unknown as Kernels;
    this.buffer = memory.buffer;
    this.memory = Buffer.from(this.buffer);
    this.dataView = new DataView(this.buffer);
    this.scratchSize = this.buffer.byteLength / 8;
    const scratch = this.alloc(this.scratchSize);
    this.kernels.scratchInit(scratch, this.scratchSize);
    this.scratchEnd = scratch + this.scratchSize - PAGE;
  }

  /** Address of `size` bytes, aligned to 16, not cleared. */
  alloc(size: number): number {
    const at = this.kernels.alloc(size) >>> 0;
    if (this.holder) this.held.set(at, { size, holder: this.holder });
    return at;
  }

  /** Gives back what alloc(size) returned. */
  free(at: number, size: number): void {
    this.kernels.free(at, size);
    this.held.delete(at);
  }

  /** Calls `work`; what it allocates can be given back all at once. What is allocated later, when a promise that it returned goes on, is not held. */
  hold<T>(work: () => T): { holder: object; result: T } {
    const [holder, outer] = [{}, this.holder];
    this.holder = holder;
    try {
      return { holder, result: work() };
    } finally {
      this.holder = outer;
    }
  }

  /** Gives back what is left of what was allocated by the work of `holder`. */
  release(holder: object): void {
    for (const [at, held] of this.held) if (held.holder === holder) this.free(at, held.size);
  }

  /** Throws where `bytes` cannot be written at `at` in the scratch stack. */
  needScratch(at: number, bytes: number): void {
    if (at + bytes > this.scratchEnd) throw new WeirError(`the values of a batch take more than ${this.scratchSize >> 20} MB`, 1, 'make records smaller: select what you need first');
  }

  u8(length: number): { view: Uint8Array; at: number } {
    const at = this.alloc(length);
    return { view: new Uint8Array(this.buffer, at, length), at };
  }

  u32(length: number): { view: Uint32Array; at: number } {
    const at = this.alloc(length * 4);
    return { view: new Uint32Array(this.buffer, at, length), at };
  }

  f64(length: number): { view: Float64Array; at: number } {
    const at = this.alloc(length * 8);
    return { view: new Float64Array(this.buffer, at, length), at };
  }

  /** A token column for a batch. */
  tokens(): TokenColumn {
    const [start, end, type, num] = [this.u32(MAX_ROWS), this.u32(MAX_ROWS), this.u8(MAX_ROWS), this.f64(MAX_ROWS)];
    const at = { start: start.at, end: end.at, type: type.at, num: num.at };
    return { kind: 'token', start: start.view, end: end.view, type: type.view, num: num.view, parsed: false, at };
  }

  /** Copies a string's low bytes (one char a byte) to `at`; returns the address behind them. */
  put(bytes: string, at: number): number {
    if (bytes.length > FEW) return at + this.memory.latin1Write(bytes, at, bytes.length);
    for (let i = 0; i < bytes.length; i++) this.memory[at + i] = bytes.charCodeAt(i);
    return at + bytes.length;
  }
}

let shared: Memory | undefined;

/** The memory of this process; made at the first call, since most of a short command's time would be its making. */
export function memory(): Memory {
  shared ??= new Memory();
  return shared;
}

/** Puts the orders of a batch's rows (see Cause) on top of the scratch stack. */
export function putOrders(batch: Batch, orders: readonly string[]): void {
  const m = memory();
  let at = m.kernels.scratchTop();
  m.needScratch(at, orders.reduce((bytes, order) => bytes + order.length, 0));
  orders.forEach((order, row) => {
    batch.orderStart[row] = at;
    at = m.put(order, at);
    batch.orderEnd[row] = at;
  });
  m.kernels.scratchSet(at);
  batch.isOrdered = true;
}
