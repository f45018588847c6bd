// in: what help is asked about
// out: the page about it

import { Exit, UsageError } from '../model/errors.ts';
import type { StageDefinition } from '../model/stage.ts';
import { didYouMean } from '../model/suggest.ts';
import { stages } from '../operators/table.ts';
import { jobOptions, stageOptions } from '../plan/options.ts';
import { usageOf } from '../plan/usage.ts';
import { everything } from './as-data.ts';
import { type CommandSpec, commandSpecs } from './command-table.ts';
import type { Call } from './call.ts';
import { manPage } from './man.ts';
import { examples, overview } from './overview.ts';
import { argumentItem, type Item, optionItem, Page } from './page.ts';
import { colours, colourWish, complain, print } from './terminal.ts';
import { topics } from './topics.ts';

const WIDEST = 100;

/** `weir help [TOPIC]`, `weir help --json`, `weir help [STAGE] --man` */
export async function action({ words, options }: Call): Promise<number> {
  if (options['json']) print(`${JSON.stringify(everything(), null, 2)}\n`);
  else print((options['man'] && manPage(words[0])) || pageOn(words[0], newPage('auto')));
  return Exit.done;
}

/** Words with --help among them, or no words at all, which is an error, but a friendly one. */
export function answer(words: readonly string[]): number {
  const text = pageOn(nameBefore(words), newPage(colourWish(words)));
  if (words.length > 0) print(text);
  else complain(text);
  return words.length > 0 ? Exit.done : Exit.usage;
}

/** The stage or command whose words hold the --help. */
function nameBefore(words: readonly string[]): string | undefined {
  const asked = words.indexOf('--help');
  const before = words.slice(0, asked < 0 ? undefined : asked);
  return before.slice(before.lastIndexOf('then') + 1).find((word) => [...stages, ...commandSpecs].some((s) => s.name === word));
}

function newPage(wish: 'auto' | 'always' | 'never'): Page {
  return new Page(Math.min(WIDEST, process.stdout.columns ?? WIDEST), colours(1, wish));
}

function pageOn(name: string | undefined, page: Page): string {
  if (name === undefined) return mainPage(page);
  const topic = topics.find((t) => t.name === name);
  const stage = stages.find((s) => s.name === name);
  if (stage) return topic ? addTopic(topic, stagePage(stage, page)).toString() : stagePage(stage, page).toString();
  const command = commandSpecs.find((c) => c.name === name);
  if (command) return commandPage(command, page);
  if (topic) return addTopic(topic, page.title(topic.name, topic.summary)).toString();
  const known = [...stages, ...commandSpecs, ...topics].map((s) => s.name);
  throw new UsageError(`there is no help on '${name}'`, didYouMean(name, known) ?? '`weir help` lists what there is');
}

function mainPage(page: Page): string {
  page.title('weir', overview.summary).heading('Examples').examples(examples);
  page.heading('Usage').lines(overview.usage);
  page.heading('Stages').items(stages.map(({ name, summary }): Item => [name, summary]));
  page.heading('Options').items(jobOptions.map(optionItem));
  page.heading('Commands').items(commandSpecs.map(({ usage, summary }): Item => [usage.split(' [')[0]!, summary]));
  page.heading('More').items([['weir help STAGE', 'a stage, with examples'], ...topics.map((t): Item => [`weir help ${t.name}`, t.summary])]);
  return page.heading('Exit').items(overview.exits).toString();
}

function stagePage(stage: StageDefinition, page: Page): Page {
  page.title(`weir ${stage.name}`, stage.summary).heading('Examples').examples(stage.examples);
  page.heading('Usage').paragraphs([`weir [OPTIONS] ${usageOf(stage)}`]);
  if (stage.arguments.length > 0) page.heading('Arguments').items(stage.arguments.map(argumentItem));
  page.heading('Options').items([...stage.options, ...stageOptions].map(optionItem));
  return page.heading('Description').paragraphs(stage.description);
}

function commandPage(command: CommandSpec, page: Page): string {
  page.title(`weir ${command.name}`, command.summary).heading('Usage').paragraphs([`weir ${command.usage}`]);
  if (!command.takesJob) page.heading('Arguments').items(command.operands.map(({ name, help }): Item => [name.replace(/[<>[\]]/g, '').toUpperCase(), help]));
  const items = command.options.map(({ flags, help, normal }): Item => [flags, help + (normal === undefined ? '' : ` (${normal})`)]);
  if (items.length > 0) page.heading('Options').items(items);
  if (command.takesJob) page.heading('Options').items(jobOptions.map(optionItem));
  return page.toString();
}

/** A topic may have the name of a stage (`time`): then it follows the page of that. */
function addTopic(topic: (typeof topics)[number], page: Page): Page {
  for (const { heading, items, paragraphs } of topic.sections) {
    page.heading(heading);
    if (paragraphs) page.paragraphs(paragraphs);
    if (items) page.items(items);
  }
  return page;
}
