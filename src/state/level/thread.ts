// in: requests, one after the other
// out: what a LevelDB database says to them. This is a thread of its own, so that whoever asks can wait without a promise

import { createRequire } from 'node:module';
import { workerData } from 'node:worker_threads';
import type { Iterator, Level } from 'level';
import { type Answer, Mark, Parts, partsOf, type Request, type ThreadData } from './requests.ts';

type Database = Level<Buffer, Buffer>;
type Operation = { type: 'put'; key: Buffer; value: Buffer } | { type: 'del'; key: Buffer };

const { level, folder, marks, port } = workerData as ThreadData;
const { Level: Make } = createRequire(level)(level) as { Level: typeof Level };
/** Files that are open are mapped into memory, whole, so there must not be many of them. */
const FILES = { maxFileSize: 2 << 20, maxOpenFiles: 50 };
const database: Database = new Make(folder, { keyEncoding: 'buffer', valueEncoding: 'buffer', writeBufferSize: 16 << 20, cacheSize: 16 << 20, ...FILES });

const readers = new Map<number, Iterator<Database, Buffer, Buffer>>();

const works: { readonly [Op in Request['op']]: (request: Extract<Request, { op: Op }>) => Promise<Uint8Array<ArrayBuffer> | undefined> } = {
  open: () => database.open().then(nothing),
  close: () => database.close().then(nothing),
  async get({ bytes }) {
    const found = new Parts();
    for (const value of await database.getMany([...partsOf(bytes)] as Buffer[])) found.add(value);
    return found.take();
  },
  async write({ bytes }) {
    const operations: Operation[] = [];
    let key: Buffer | undefined;
    for (const part of partsOf(bytes)) {
      if (!key) key = part!;
      else {
        operations.push(part ? { type: 'put', key, value: part } : { type: 'del', key });
        key = undefined;
      }
    }
    await database.batch(operations);
    return undefined;
  },
  async begin({ id, from, to }) {
    readers.set(id, database.iterator({ gte: Buffer.from(from), lt: Buffer.from(to), fillCache: false, highWaterMarkBytes: 1 << 18 }));
    return undefined;
  },
  async next({ id, limit }) {
    const entries = new Parts();
    const reader = readers.get(id)!;
    for (let left = limit; left > 0; ) {
      const some = await reader.nextv(Math.min(left, 1000));
      if (some.length === 0) break;
      left -= some.length;
      for (const [key, value] of some) {
        entries.add(key);
        entries.add(value);
      }
    }
    return entries.take();
  },
  async finish({ id }) {
    await readers.get(id)!.close();
    readers.delete(id);
    return undefined;
  },
};

const nothing = () => new Uint8Array();

async function work(request: Request): Promise<void> {
  try {
    const bytes = await works[request.op](request as never);
    if (bytes) answer({ bytes }, [bytes.buffer]);
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error };
    answer({ error: cause?.message ?? message }, []);
  }
  Atomics.add(marks, Mark.done, 1);
  Atomics.notify(marks, Mark.done);
}

function answer(answer: Answer, transfer: ArrayBuffer[]): void {
  port.postMessage(answer, transfer);
}

let last = Promise.resolve();
port.on('message', (request: Request) => {
  last = last.then(() => work(request));
});
process.on('exit', () => {
  Atomics.store(marks, Mark.gone, 1);
  Atomics.notify(marks, Mark.done);
});
