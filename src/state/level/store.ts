// in: keys and values, one char or byte each
// out: a database on disk that keeps them in order, asked without promises: operators work on a batch in one go

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import thread from '#level-thread.txt';
import { WeirError } from '../../model/errors.ts';
import { type Answer, Mark, Parts, partsOf, type Request, type ThreadData } from './requests.ts';

/** Writes that may be on their way: what is put out of memory at once is, while memory fills again. */
const MOST_WRITES = 48;
/** Bytes of a write. */
const WRITE_BYTES = 1 << 18;
/** ms after which a waiting thread looks whether the other is still there. */
const PATIENCE = 1000;

export interface StoredEntry {
  readonly key: string;
  readonly value: Buffer;
}

/** What the keys and the values of rows begin with. */
export type RowHeads = readonly [key: Uint8Array, value: Uint8Array];

/** Where in some bytes a row's key and value are. */
export interface RowPlace {
  readonly key: number;
  readonly keyEnd: number;
  readonly value: number;
  readonly valueEnd: number;
}

/** Entries as they were when it was made, in order. */
export interface StoreReader {
  /** The next ones, so many at most; none: those were all. */
  next(limit: number): StoredEntry[];
  /** The same as bytes, which `entriesIn` reads: keys and values in turn, each behind its length, a u32. */
  nextBytes(limit: number): Uint8Array;
  close(): void;
}

/** A LevelDB database in a thread of its own (its `getSync` would be one key at a time, everything else of it is a promise). */
export class LevelStore {
  private readonly marks = new Int32Array(new SharedArrayBuffer(12));
  private readonly worker: Worker;
  private readonly port: MessagePort;
  private sent = 0;
  private asked = 0;
  private isClosed = false;
  private readers = 0;
  private readonly writes = new Parts();

  /** @param folder is made; nobody else may use it. Throws WeirError. */
  constructor(private readonly folder: string) {
    const { port1, port2 } = new MessageChannel();
    const workerData: ThreadData = { level: require.resolve('level'), folder, marks: this.marks, port: port2 };
    this.port = port1;
    this.worker = new Worker(thread, { eval: true, workerData, transferList: [port2] });
    this.worker.unref();
    this.worker.on('error', () => {});
    this.ask({ op: 'open' });
  }

  /** The values of some keys; undefined where there is none. @param isFree since the last `settle` nothing was put under these keys: writes on their way are not waited for */
  get(keys: readonly string[], isFree = false): (Buffer | undefined)[] {
    const parts = new Parts();
    for (const key of keys) parts.add(key);
    const bytes = parts.take();
    return [...partsOf(this.ask({ op: 'get', bytes, isFree }, [bytes.buffer]))];
  }

  /** Puts a value under a key, or takes it out. It is there for all that is asked from now on. */
  put(key: string, value: Uint8Array | undefined): void {
    this.writes.add(key);
    this.writes.add(value);
    if (this.writes.size > WRITE_BYTES) this.flush();
  }

  /** The same of a row: key and value are a head and some of the bytes each. */
  putRow([key, value]: RowHeads, bytes: Uint8Array, row: RowPlace): void {
    this.writes.addJoined(key, bytes, row.key, row.keyEnd);
    this.writes.addJoined(value, bytes, row.value, row.valueEnd);
    if (this.writes.size > WRITE_BYTES) this.flush();
  }

  /** Entries with from <= key < to, in order, so many at most. */
  range(from: string, to: string, limit: number): StoredEntry[] {
    const reader = this.reader(from, to);
    try {
      return reader.next(limit);
    } finally {
      reader.close();
    }
  }

  /** Reads entries with from <= key < to; what is put from now on does not change them. @param isAhead the next ones are read while the last are worked on, as many each time */
  reader(from: string, to: string, isAhead = false): StoreReader {
    const id = this.readers++;
    this.flush();
    this.send({ op: 'begin', id, from: Buffer.from(from, 'latin1'), to: Buffer.from(to, 'latin1'), isAhead });
    const nextBytes = (limit: number) => this.ask({ op: 'next', id, limit });
    return {
      next: (limit) => entriesIn(nextBytes(limit)),
      nextBytes,
      close: () => !this.isClosed && this.send({ op: 'finish', id }),
    };
  }

  /** Closes the database: a process must not end while it works. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    try {
      this.writes.take();
      this.ask({ op: 'close' });
    } catch {
      // It has failed before, and whoever was told ends the job.
    }
  }

  /** Ends the thread. What was written is of no use to anybody. */
  async end(): Promise<void> {
    this.close();
    Atomics.store(this.marks, Mark.gone, 1);
    this.port.close();
    await this.worker.terminate();
  }

  /** Waits until all that was put is there. */
  settle(): void {
    this.flush();
    this.wait(Mark.done, this.sent);
  }

  private flush(): void {
    if (this.writes.size === 0) return;
    const bytes = this.writes.take();
    this.send({ op: 'write', bytes }, [bytes.buffer]);
    this.wait(Mark.done, this.sent - MOST_WRITES);
  }

  private send(request: Request, transfer: ArrayBuffer[] = []): void {
    this.port.postMessage(request, transfer);
    this.sent++;
  }

  private ask(request: Request, transfer: ArrayBuffer[] = []): Uint8Array {
    this.flush();
    this.send(request, transfer);
    return this.wait(Mark.answered, ++this.asked)!;
  }

  /** Waits until so many requests are done, or answered; gives the answer to the last, if it has one. Throws WeirError where one failed. */
  private wait(mark: number, until: number): Uint8Array | undefined {
    for (let done = Atomics.load(this.marks, mark); done < until; done = Atomics.load(this.marks, mark)) {
      if (Atomics.load(this.marks, Mark.gone) === 1) throw this.error('its thread has ended');
      Atomics.wait(this.marks, mark, done, PATIENCE);
    }
    let bytes: Uint8Array | undefined;
    for (let next = this.received(); next; next = this.received()) {
      if ('error' in next) throw this.error(next.error);
      bytes = next.bytes;
    }
    return bytes;
  }

  private received(): Answer | undefined {
    return (receiveMessageOnPort(this.port) as { message: Answer } | undefined)?.message;
  }

  private error(reason: string): WeirError {
    const isFull = /no space left|quota exceeded|file too large/i.test(reason);
    const what = isFull ? 'the disk is full' : reason;
    return new WeirError(`the state in ${this.folder}: ${what}`, 1, isFull ? 'make room there, or name a larger place with TMPDIR' : 'name another place for it with TMPDIR');
  }
}

/** Keys and values in turn. */
export function entriesIn(answer: Uint8Array): StoredEntry[] {
  const entries: StoredEntry[] = [];
  let key: string | undefined;
  for (const part of partsOf(answer)) {
    if (key === undefined) key = part!.latin1Slice(0, part!.length);
    else {
      entries.push({ key, value: part! });
      key = undefined;
    }
  }
  return entries;
}
