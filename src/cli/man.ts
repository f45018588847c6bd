// in: the tables of stages, options and commands
// out: the manual pages, as roff

import type { ArgumentSpec, Example, OptionSpec, StageDefinition } from '../model/stage.ts';
import { stages } from '../operators/table.ts';
import { jobOptions, stageOptions } from '../plan/options.ts';
import { spell, usageOf } from '../plan/usage.ts';
import { commandSpecs } from './command-table.ts';
import { examples, overview } from './overview.ts';
import type { Item } from './page.ts';
import { topics } from './topics.ts';

/** The page of a stage, or that of weir as a whole; undefined: there is no such stage. */
export function manPage(name: string | undefined): string | undefined {
  if (name === undefined) return mainPage();
  const stage = stages.find((s) => s.name === name);
  return stage && stagePage(stage);
}

function mainPage(): string {
  return [
    head('WEIR', 'weir', overview.summary),
    section('SYNOPSIS', overview.usage.map((line) => `${roff(line)}\n.br`)),
    section('DESCRIPTION', paragraphs(overview.description)),
    section('EXAMPLES', examples.flatMap(example)),
    section('STAGES', ['Each has a page of its own, such as weir\\-tumble(1).', ...stages.map((s) => tagged(s.name, s.summary))]),
    section('OPTIONS', jobOptions.map(option)),
    section('COMMANDS', commandSpecs.map((c) => tagged(c.usage, c.summary))),
    ...topics.map((t) => section(t.name.toUpperCase(), t.sections.flatMap((s) => [`.SS ${roff(s.heading)}`, ...paragraphs(s.paragraphs ?? []), ...(s.items ?? []).map(item)]))),
    section('EXIT STATUS', overview.exits.map(item)),
    section('SEE ALSO', [stages.map((s) => `weir\\-${roff(s.name)}(1)`).join(', ')]),
  ].join('');
}

function stagePage(stage: StageDefinition): string {
  return [
    head(`WEIR-${stage.name.toUpperCase()}`, `weir-${stage.name}`, stage.summary),
    section('SYNOPSIS', [roff(`weir [OPTIONS] ${usageOf(stage)}`)]),
    section('DESCRIPTION', paragraphs(stage.description)),
    section('EXAMPLES', stage.examples.flatMap(example)),
    stage.arguments.length > 0 ? section('ARGUMENTS', stage.arguments.map((a: ArgumentSpec) => tagged(a.name, a.help))) : '',
    section('OPTIONS', [...stage.options, ...stageOptions].map(option)),
    section('SEE ALSO', ['weir(1)']),
  ].join('');
}

function head(title: string, name: string, summary: string): string {
  return `.TH ${roff(title)} 1 "" "weir" "User Commands"\n.SH NAME\n${roff(name)} \\- ${roff(summary)}\n`;
}

function section(name: string, lines: readonly string[]): string {
  return `.SH ${name}\n${lines.join('\n')}\n`;
}

function paragraphs(texts: readonly string[]): string[] {
  return texts.map((text) => `.PP\n${roff(text)}`);
}

function tagged(term: string, text: string): string {
  return `.TP\n.B ${roff(term)}\n${roff(text || '\u00a0')}`;
}

function item([term, text]: Item): string {
  return tagged(term, text);
}

function option(o: OptionSpec): string {
  return tagged(spell(o), o.help + (o.default === undefined ? '' : ` (${o.default})`));
}

function example({ note, command, input, output }: Example): string[] {
  const given = input === undefined ? [] : [input];
  return [`.PP\n${roff(note)}${input === undefined ? '' : '. Input'}:`, '.PP\n.RS 2\n.nf', ...[...given, `$ ${command}`, output].map(roff), '.fi\n.RE'];
}

/** So that no character means anything to roff. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('’', "'")
    .replaceAll('…', '...')
    .replace(/^([.'])/gm, '\\&$1');
}
