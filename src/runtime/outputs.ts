// in: batches of records
// out: their lines in files, on stdout, or both

import type { Batch } from '../model/batch.ts';
import type { RecordOutput } from '../model/stage.ts';
import type { WriterSpec } from '../plan/layout.ts';
import type { Sink } from '../sinks/sink.ts';
import { memory } from '../wasm/memory.ts';
import { LineBuffer, RecordWriter } from './writer.ts';

const BUFFER_BYTES = 1 << 18;

/** One file's or stdout's records: lines are gathered, and go to the sink when there are many, or when asked. */
export class RecordFile implements RecordOutput {
  private readonly writer: RecordWriter;
  private readonly lines = new LineBuffer(BUFFER_BYTES);
  private readonly full = () => this.flush();
  records = 0;

  constructor(
    spec: WriterSpec,
    private readonly sink: Sink,
  ) {
    this.writer = new RecordWriter(spec);
  }

  write(batch: Batch): void {
    this.records += batch.count;
    this.writer.write(batch, this.lines, this.full);
  }

  /** Lines that are written already, with their newlines. */
  writeLines(lines: Buffer, records: number): void {
    this.records += records;
    if (this.lines.used + lines.length > BUFFER_BYTES) this.flush();
    if (lines.length > BUFFER_BYTES) {
      this.sink.write(lines);
      return;
    }
    lines.copy(memory().memory, this.lines.next);
    this.lines.used += lines.length;
  }

  /** Hands over all that was gathered. */
  flush(): void {
    if (this.lines.used === 0) return;
    const bytes = this.lines.bytes();
    this.lines.used = 0;
    this.sink.write(bytes);
  }

  close(): void {
    this.flush();
    this.sink.close();
    this.lines.free();
  }
}
