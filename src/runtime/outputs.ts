// in: batches of records
// out: their lines in files, on stdout, or both

import { Area } from '../wasm/area.ts';
import type { Batch } from '../model/batch.ts';
import type { LineOutput, RecordOutput } from '../model/stage.ts';
import type { WriterSpec } from '../plan/layout.ts';
import type { LineSink } from '../sinks/sink.ts';
import { memory } from '../wasm/memory.ts';
import { RecordWriter } from './writer.ts';

const NEWLINE = 10;

const BUFFER_BYTES = 1 << 18;

/** One file's or stdout's records: lines are gathered, and go to the sink when there are many, or when asked. */
export class RecordFile implements RecordOutput, LineOutput {
  private readonly writer: RecordWriter | undefined;
  private readonly lines = new Area(BUFFER_BYTES);
  private readonly full = () => this.flush();
  records = 0;

  /** @param spec what records are in batches; undefined: they come as text only */
  constructor(
    spec: WriterSpec | undefined,
    private readonly sink: LineSink,
  ) {
    this.writer = spec && new RecordWriter(spec);
  }

  /** A record that is kept as text, as it is. */
  writeLine(text: string): void {
    this.records++;
    while (this.lines.next + text.length + 1 > this.lines.limit) {
      if (this.lines.used > 0) this.flush();
      else this.lines.grow();
    }
    const end = memory().put(text, this.lines.next);
    memory().memory[end] = NEWLINE;
    this.lines.used += text.length + 1;
  }

  write(batch: Batch): void {
    this.records += batch.count;
    this.writer!.write(batch, this.lines, this.full);
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
