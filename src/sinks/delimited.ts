// in: NDJSON lines
// out: CSV (RFC 4180) or TSV; where the columns are not known, they are the fields of the first record

import { WeirError } from '../model/errors.ts';
import { cellsOf } from './record.ts';
import type { Sink, SinkState } from './sink.ts';

const TAB_ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' };

/** The columns, once there has been a record. */
export type DelimitedState = readonly string[] | null | undefined;

export class DelimitedSink implements Sink {
  private columns: readonly string[] | undefined;
  private readonly separator: string;
  private readonly quote: (cell: string) => string;

  constructor(
    private readonly out: Sink,
    private readonly format: 'csv' | 'tsv',
    private readonly known?: readonly string[],
    state?: DelimitedState,
  ) {
    this.columns = state ?? undefined;
    this.separator = format === 'csv' ? ',' : '\t';
    this.quote = format === 'csv' ? quoteCsv : quoteTsv;
  }

  write(lines: Buffer): void {
    const rows = lines.toString('utf8').split('\n');
    this.out.write(Buffer.from(rows.map((line) => (line === '' ? '' : this.row(line))).join('')));
  }

  close(): void {
    this.out.close();
  }

  save(): SinkState {
    return { ...this.out.save(), format: this.columns ?? null };
  }

  sync(): Promise<void> {
    return this.out.sync();
  }

  begin(): void {
    this.out.begin();
  }

  private row(line: string): string {
    const cells = cellsOf(line);
    let text = '';
    if (!this.columns) {
      this.columns = this.known ?? [...cells.keys()];
      text = this.line(this.columns);
    }
    for (const name of cells.keys()) if (!this.columns.includes(name)) throw this.unknown(name);
    return text + this.line(this.columns.map((name) => cells.get(name) ?? ''));
  }

  private line(cells: readonly string[]): string {
    return `${cells.map(this.quote).join(this.separator)}\n`;
  }

  private unknown(name: string): WeirError {
    const columns = this.columns!.join(', ');
    return new WeirError(`a record has a field '${name}' that the first one did not have (${columns})`, 1, `end with a \`select\` that names the columns of the ${this.format}`);
  }
}

function quoteCsv(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function quoteTsv(cell: string): string {
  return /[\t\n\r\\]/.test(cell) ? cell.replace(/[\t\n\r\\]/g, (c) => TAB_ESCAPES[c]!) : cell;
}
