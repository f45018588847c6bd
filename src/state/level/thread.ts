// in: requests, one after the other
// out: what a LevelDB database says to them. This is a thread of its own, so that whoever asks can wait without a promise

import { createRequire } from 'node:module';
import { workerData } from 'node:worker_threads';
import type { Iterator, Level } from 'level';
import { type Answer, Mark, Parts, partsOf, type Request, type ThreadData } from './requests.ts';

type Database = Level<Buffer, Buffer>;

interface Reader {
  readonly entries: Iterator<Database, Buffer, Buffer>;
  readonly isAhead: boolean;
  /** what is asked for next, on its way */
  ahead: Promise<Uint8Array<ArrayBuffer>> | undefined;
}

const { level, folder, marks, port } = workerData as ThreadData;
const { Level: Make } = createRequire(level)(level) as { Level: typeof Level };
/** Files that are open are mapped into memory, whole, so there must not be many of them. */
const FILES = { maxFileSize: 2 << 20, maxOpenFiles: 50 };
const database: Database = new Make(folder, { keyEncoding: 'buffer', valueEncoding: 'buffer', writeBufferSize: 16 << 20, cacheSize: 16 << 20, ...FILES });

const readers = new Map<number, Reader>();

const works: { readonly [Op in Request['op']]: (request: Extract<Request, { op: Op }>) => Promise<Uint8Array<ArrayBuffer> | undefined> } = {
  open: () => database.open().then(nothing),
  close: () => database.close().then(nothing),
  async get({ bytes }) {
    const found = new Parts();
    for (const value of await database.getMany([...partsOf(bytes)] as Buffer[])) found.add(value);
    return found.take();
  },
  async write({ bytes }) {
    // A chained batch takes a quarter of the time of an array of operations.
    const batch = database.batch();
    let key: Buffer | undefined;
    for (const part of partsOf(bytes)) {
      if (!key) key = part!;
      else {
        if (part) batch.put(key, part);
        else batch.del(key);
        key = undefined;
      }
    }
    await batch.write();
    return undefined;
  },
  async begin({ id, from, to, isAhead }) {
    const entries = database.iterator({ gte: Buffer.from(from), lt: Buffer.from(to), fillCache: false, highWaterMarkBytes: 1 << 18 });
    readers.set(id, { entries, isAhead, ahead: undefined });
    return undefined;
  },
  async next({ id, limit }) {
    const reader = readers.get(id)!;
    const bytes = await (reader.ahead ?? nextOf(reader, limit));
    if (reader.isAhead) {
      reader.ahead = nextOf(reader, limit);
      // Whoever asks for it is told of its failure.
      reader.ahead.catch(() => {});
    }
    return bytes;
  },
  async finish({ id }) {
    const { entries, ahead } = readers.get(id)!;
    await ahead;
    await entries.close();
    readers.delete(id);
    return undefined;
  },
};

async function nextOf({ entries }: Reader, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const found = new Parts();
  for (let left = limit; left > 0; ) {
    const some = await entries.nextv(Math.min(left, 1000));
    if (some.length === 0) break;
    left -= some.length;
    for (const [key, value] of some) {
      found.add(key);
      found.add(value);
    }
  }
  return found.take();
}

const nothing = () => new Uint8Array();

/** What is to be answered, whether it can be done or not. */
const ASKED: ReadonlySet<Request['op']> = new Set(['open', 'close', 'get', 'next']);

async function work(request: Request): Promise<void> {
  try {
    const bytes = await works[request.op](request as never);
    if (bytes) answer({ bytes }, [bytes.buffer]);
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error };
    answer({ error: cause?.message ?? message }, []);
  }
  count(Mark.done);
  if (ASKED.has(request.op)) count(Mark.answered);
}

function answer(answer: Answer, transfer: ArrayBuffer[]): void {
  port.postMessage(answer, transfer);
}

function count(mark: number): void {
  Atomics.add(marks, mark, 1);
  Atomics.notify(marks, mark);
}

let last = Promise.resolve();
port.on('message', (request: Request) => {
  if (request.op === 'get' && request.isFree) void work(request);
  else last = last.then(() => work(request));
});
process.on('exit', () => {
  Atomics.store(marks, Mark.gone, 1);
  for (const mark of [Mark.done, Mark.answered]) Atomics.notify(marks, mark);
});
