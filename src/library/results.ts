// in: lines that a job writes
// out: the same for a program that takes them one by one; the job waits when it has many

import type { LineSink } from '../sinks/sink.ts';

const NEWLINE = 10;

/** Between a job that writes and a program that reads. */
export class LineQueue implements LineSink {
  private readonly chunks: Buffer[] = [];
  private hasEnded = false;
  private wakeReader: (() => void) | undefined;
  private wakeWriter: (() => void) | undefined;

  write(lines: Buffer): void {
    this.chunks.push(Buffer.from(lines));
    this.wakeReader?.();
  }

  close(): void {}

  /** No more lines follow, or nobody wants them. */
  end(): void {
    this.hasEnded = true;
    this.wakeReader?.();
    this.wakeWriter?.();
  }

  /** When all that was written has been taken. */
  async drained(): Promise<void> {
    while (this.chunks.length > 0 && !this.hasEnded) await new Promise<void>((resolve) => (this.wakeWriter = resolve));
  }

  /** The lines, without their newlines. */
  async *lines(): AsyncGenerator<string, void, undefined> {
    for (;;) {
      for (let chunk = this.chunks[0]; chunk; chunk = this.chunks[0]) {
        yield* linesOf(chunk);
        this.chunks.shift();
      }
      this.wakeWriter?.();
      if (this.hasEnded) return;
      await new Promise<void>((resolve) => (this.wakeReader = resolve));
    }
  }
}

function* linesOf(chunk: Buffer): Generator<string> {
  for (let at = 0, end = chunk.indexOf(NEWLINE); end >= 0; at = end + 1, end = chunk.indexOf(NEWLINE, at)) yield chunk.utf8Slice(at, end);
}
