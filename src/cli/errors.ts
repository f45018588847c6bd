// in: whatever was thrown
// out: what the person reads on stderr about it: what, where (with a caret), and what to do

import type { ChalkInstance } from 'chalk';
import { ModuleError, RecordError, TextError, WeirError } from '../model/errors.ts';

/** Columns of a long text that are shown around its error. */
const WIDEST = 100;

/** The error as text that ends with a newline; `verbose`: with the stack of a bug. */
export function describe(error: unknown, colour: ChalkInstance, verbose: boolean): string {
  const name = colour.red.bold('weir:');
  if (!(error instanceof WeirError)) return `${name} ${describeBug(error, verbose)}`;
  const stage = error instanceof TextError && error.stage ? `${error.stage}: ` : '';
  const help = error.help ? `${error.help.startsWith('usage: ') ? '' : `${colour.cyan.bold('help:')} `}${error.help}\n` : '';
  const stack = verbose && error instanceof ModuleError && error.trace ? `${error.trace}\n` : '';
  return `${name} ${plain(stage + error.message)}\n${place(error, colour)}${stack}${help}`;
}

function place(error: WeirError, colour: ChalkInstance): string {
  if (error instanceof TextError) return underline(error.text, error.start, error.end, colour);
  return (error instanceof RecordError || error instanceof ModuleError) && error.excerpt !== '' ? `  ${plain(error.excerpt)}\n` : '';
}

/** The line of the text that holds [start, end), and carets below it. */
export function underline(text: string, start: number, end: number, colour: ChalkInstance): string {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', from);
  const line = text.slice(from, lineEnd < 0 ? undefined : lineEnd);
  const number = text.includes('\n') ? `${text.slice(0, from).split('\n').length}: ` : '';
  const [at, length] = [Math.min(start - from, line.length), Math.max(1, Math.min(end - from, line.length) - (start - from))];
  const first = line.length <= WIDEST ? 0 : Math.max(0, at - WIDEST / 2);
  const dots = first > 0 ? '…' : '';
  const shown = plain(line.slice(first, first + WIDEST)) + (first + WIDEST < line.length ? '…' : '');
  const margin = ' '.repeat(2 + number.length + dots.length + columns(line.slice(first, at)));
  return `  ${number}${dots}${shown}\n${margin}${colour.red.bold('^'.repeat(columns(line.slice(at, at + length)) || 1))}\n`;
}

function columns(text: string): number {
  return [...text].length;
}

/** Nothing in a text can move the cursor. */
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}

function describeBug(error: unknown, verbose: boolean): string {
  const [message, stack] = error instanceof Error ? [`${error.name}: ${error.message}`, error.stack] : [String(error), undefined];
  const advice = verbose ? 'please report it with this text, the command and, if you can, the input' : 'please report it; run it again with -v to see where';
  return `this is a bug in weir: ${message}\n${verbose && stack ? `${stack}\n` : ''}help: ${advice}\n`;
}
