// in: a socket between two processes of a job
// out: messages, in the order in which they were sent; their content is received straight into kernel memory

import type { Socket } from 'node:net';
import { memory } from '../wasm/memory.ts';
import { Area } from '../wasm/area.ts';
import type { Parcels } from './parcels.ts';

/** What a message is about. */
export const Message = {
  /** to a child: the job that it is part of */
  start: 1,
  /** to a child: where the others listen */
  connect: 2,
  /** to the coordinator: connected to all */
  ready: 3,
  /** to a subtask: a range of a file to work on */
  range: 4,
  /** to a subtask: lines to work on */
  lines: 5,
  /** from subtask to subtask: rows of a block for the other's key groups */
  rows: 6,
  /** to the coordinator: a block has been read: how many lines and records, and what was wrong with them */
  taken: 7,
  /** to the coordinator: figures of what came of a block; then what did */
  made: 12,
  output: 8,
  /** to a subtask: how many blocks there are */
  end: 9,
  /** from child to child: who I am */
  hello: 11,
  /** to a child: its state behind all blocks before this one will be wanted; and back: it knows */
  barrier: 13,
  /** to a child: the folder that this state is to be written into; and back: it is written, or why not */
  state: 14,
} as const;

/** A message; whoever takes it frees its content. */
export interface Received {
  readonly kind: number;
  /** number of the block that it is about */
  readonly block: number;
  readonly content: Area;
}

/** ms by which tests hold messages back, at random, so that they arrive in other orders */
const DELAY = Number(process.env['WEIR_LINK_DELAY']) || 0;

/** bytes: length u32, kind u32, block f64 */
const HEAD = 16;
/** Marks the kind of a message whose content is a note: what it is about lies in a file. */
const PARCEL = 0x100;

type OnMessage = (message: Received, link: Link) => void;

/** The same, some time later; messages of one link keep their order. */
function delayed(onMessage: OnMessage): OnMessage {
  let last = Promise.resolve();
  return (message, link) => {
    last = last.then(() => new Promise<void>((resolve) => setTimeout(resolve, Math.random() * DELAY))).then(() => onMessage(message, link));
  };
}

/** One end of a connection. What the other end takes slowly waits here (the number of blocks under way bounds it). */
export class Link {
  private readonly head = Buffer.alloc(HEAD);
  private headBytes = 0;
  private readonly onMessage: OnMessage;
  private content: { area: Area; length: number } | undefined;

  /**
   * @param parcels by which much is sent
   * @param onMessage called for each whole message
   * @param onClose called when the other end is gone
   */
  constructor(
    private readonly socket: Socket,
    private readonly parcels: Parcels,
    onMessage: OnMessage,
    onClose: () => void,
  ) {
    const opened = (message: Received) => onMessage(this.opened(message), this);
    this.onMessage = DELAY > 0 ? delayed(opened) : opened;
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('error', () => {});
    socket.on('close', onClose);
  }

  /** Sends an area, which is the link's from now on. */
  send(kind: number, block: number, area: Area): void {
    const note = this.parcels.put(block, area);
    if (note) {
      area.free();
      this.sendBytes(kind | PARCEL, block, note);
      return;
    }
    this.writeHead(kind, block, area.used);
    if (area.used === 0) area.free();
    else this.socket.write(area.bytes(), () => area.free());
  }

  /** Sends a copy of some bytes. */
  sendBytes(kind: number, block: number, bytes: Buffer): void {
    this.writeHead(kind, block, bytes.length);
    if (bytes.length > 0) this.socket.write(bytes);
  }

  private opened(message: Received): Received {
    if ((message.kind & PARCEL) === 0) return message;
    return { kind: message.kind & ~PARCEL, block: message.block, content: this.parcels.take(contentOf(message)) };
  }

  /** Hangs up. */
  close(): void {
    this.socket.destroy();
  }

  private writeHead(kind: number, block: number, length: number): void {
    const head = Buffer.allocUnsafe(HEAD);
    head.writeUInt32LE(length, 0);
    head.writeUInt32LE(kind, 4);
    head.writeDoubleLE(block, 8);
    this.socket.cork();
    this.socket.write(head);
    process.nextTick(() => this.socket.uncork());
  }

  private take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length || this.isWhole; ) at = this.content ? this.takeContent(chunk, at) : this.takeHead(chunk, at);
  }

  /** A message without content is whole as soon as its head is. */
  private get isWhole(): boolean {
    return this.content !== undefined && this.content.area.used === this.content.length;
  }

  private takeHead(chunk: Buffer, at: number): number {
    const n = Math.min(HEAD - this.headBytes, chunk.length - at);
    chunk.copy(this.head, this.headBytes, at, at + n);
    this.headBytes += n;
    if (this.headBytes < HEAD) return at + n;
    const length = this.head.readUInt32LE(0);
    this.content = { area: new Area(Math.max(1, length)), length };
    this.headBytes = 0;
    return at + n;
  }

  private takeContent(chunk: Buffer, at: number): number {
    const { area, length } = this.content!;
    const n = Math.min(length - area.used, chunk.length - at);
    chunk.copy(memory().memory, area.next, at, at + n);
    area.used += n;
    if (area.used === length) {
      this.content = undefined;
      this.onMessage({ kind: this.head.readUInt32LE(4), block: this.head.readDoubleLE(8), content: area }, this);
    }
    return at + n;
  }
}

/** The bytes of a message that holds few, as a copy; frees the message. */
export function contentOf({ content }: Received): Buffer {
  const bytes = Buffer.from(content.bytes());
  content.free();
  return bytes;
}
