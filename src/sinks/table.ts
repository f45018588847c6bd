// in: NDJSON lines
// out: a table with aligned columns, for people

import { cellsOf } from './record.ts';
import type { Sink, SinkState } from './sink.ts';

/** A cell takes no more than this. */
const WIDEST = 60;

/** Rows wait this long, or for so many, to be aligned with those that follow. */
const WAIT_MS = 25;
const WAIT_ROWS = 1000;

/** Rows that wait, and what is known of the columns. */
export interface TableState {
  readonly waiting: readonly (readonly [string, string][])[];
  readonly widths: readonly [string, number][];
  readonly texts: readonly string[];
  readonly head: string;
}

/** Columns are as wide as anything seen so far, so what comes within a short time is aligned throughout; a new column starts a new head. */
export class TableSink implements Sink {
  private kind: SinkState['kind'] | undefined;
  private waiting: ReturnType<typeof cellsOf>[] = [];
  private timer: NodeJS.Timeout | undefined;
  private readonly widths: Map<string, number>;
  /** columns that hold nothing but numbers are set to the right */
  private readonly texts: Set<string>;
  private head: string;

  constructor(
    private readonly out: Sink,
    state?: TableState,
  ) {
    this.widths = new Map(state?.widths);
    this.texts = new Set(state?.texts);
    this.head = state?.head ?? '';
    if (state) this.waiting = state.waiting.map((cells) => new Map(cells));
  }

  write(lines: Buffer): void {
    for (const line of lines.toString('utf8').split('\n')) if (line !== '') this.waiting.push(cellsOf(line));
    while (this.waiting.length >= WAIT_ROWS) this.print();
    // Nobody watches a file, and so what is in it does not depend on the time.
    if (this.waiting.length > 0 && !this.isFile) this.timer ??= setTimeout(() => this.print(), WAIT_MS);
  }

  private get isFile(): boolean {
    return (this.kind ??= this.out.save().kind) === 'file';
  }

  private print(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const rows = this.waiting.splice(0, WAIT_ROWS);
    if (rows.length === 0) return;
    for (const row of rows) for (const [name, cell] of row) this.measure(name, cell);
    const text = this.newHead() + rows.map((row) => this.line((name) => row.get(name) ?? '')).join('');
    this.out.write(Buffer.from(text));
  }

  close(): void {
    this.print();
    this.out.close();
  }

  save(): SinkState {
    const state: TableState = { waiting: this.waiting.map((cells) => [...cells]), widths: [...this.widths], texts: [...this.texts], head: this.head };
    return { ...this.out.save(), format: state };
  }

  sync(): Promise<void> {
    return this.out.sync();
  }

  begin(): void {
    this.out.begin();
  }

  /** Names and a rule below them, unless the columns are those of the last head. */
  private newHead(): string {
    const names = [...this.widths.keys()].join('\t');
    if (names === this.head) return '';
    this.head = names;
    return this.line((name) => name) + this.line((name) => '─'.repeat(this.widths.get(name)!));
  }

  private measure(name: string, cell: string): void {
    const width = Math.min(WIDEST, Math.max(widthOf(name), widthOf(plain(cell)), this.widths.get(name) ?? 0));
    this.widths.set(name, width);
    if (cell !== '' && !/^-?\d[\d.eE+-]*$/.test(cell)) this.texts.add(name);
  }

  private line(cell: (name: string) => string): string {
    const cells = [...this.widths.keys()].map((name) => {
      const text = clip(plain(cell(name)));
      const padding = ' '.repeat(Math.max(0, this.widths.get(name)! - widthOf(text)));
      return this.texts.has(name) ? text + padding : padding + text;
    });
    return `${cells.join('  ').trimEnd()}\n`;
  }
}

/** A cell stays on its line and cannot move the cursor. */
function plain(cell: string): string {
  return cell.replace(/\p{Cc}/gu, ' ');
}

function clip(cell: string): string {
  return widthOf(cell) > WIDEST ? `${[...cell].slice(0, WIDEST - 1).join('')}…` : cell;
}

/** Columns on a terminal: letters of East Asia and pictures take two, accents none. */
function widthOf(text: string): number {
  let width = 0;
  for (const c of text) width += /\p{M}/u.test(c) ? 0 : /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(c) ? 2 : 1;
  return width;
}
