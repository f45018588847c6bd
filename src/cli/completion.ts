// in: the tables of stages, options and commands
// out: scripts that make a shell complete words of weir


import { Exit, UsageError } from '../model/errors.ts';
import type { OptionSpec } from '../model/stage.ts';
import { didYouMean } from '../model/suggest.ts';
import { stages } from '../operators/table.ts';
import { jobOptions, stageOptions } from '../plan/options.ts';
import { commandSpecs } from './command-table.ts';
import type { Call } from './call.ts';
import { print } from './terminal.ts';
import { topics } from './topics.ts';

const scripts: Readonly<Record<string, () => string>> = { bash, zsh, fish };

export async function action({ words }: Call): Promise<number> {
  const shells = Object.keys(scripts);
  const script = Object.hasOwn(scripts, words[0]!) ? scripts[words[0]!] : undefined;
  if (!script) throw new UsageError(`completion: unknown shell '${words[0]}'`, didYouMean(words[0]!, shells) ?? `one of ${shells.join(', ')}`);
  print(script());
  return Exit.done;
}

/** The options of each stage. */
const own = stages.map((s): [name: string, options: readonly OptionSpec[]] => [s.name, [...s.options, ...stageOptions]]);
const everyOption: readonly OptionSpec[] = [...jobOptions, ...stages.flatMap((s) => s.options), ...stageOptions];
const stageNames = stages.map((s) => s.name);
const commandNames = commandSpecs.map((c) => c.name);

function spelled(options: readonly OptionSpec[]): string[] {
  return options.flatMap((o) => [`--${o.name}`, ...(o.short ? [`-${o.short}`] : [])]);
}

/** Options that have choices, with the choices of all options of that name. */
function choices(): Map<string, Set<string>> {
  const byOption = new Map<string, Set<string>>();
  for (const option of everyOption) {
    for (const name of spelled([option])) for (const choice of option.choices ?? []) byOption.set(name, (byOption.get(name) ?? new Set()).add(choice));
  }
  return byOption;
}

/** Words behind a command, by its name. */
function operands(): [string, readonly string[]][] {
  const fixed = commandSpecs.flatMap((c) => (c.operands[0]?.choices ? [[c.name, c.operands[0].choices] as [string, readonly string[]]] : []));
  return [...fixed, ['help', [...stageNames, ...commandNames, ...topics.map((t) => t.name)]]];
}

/** A `case` arm for each entry. */
function arms(entries: Iterable<readonly [string, Iterable<string>]>, variable: string): string {
  return [...entries].map(([name, words]) => `    ${name}) ${variable}="${[...words].join(' ')}" ;;`).join('\n');
}

/** What bash and zsh have in common: sets `words_` to what may come next; empty: a file. */
function body(current: string, previous: string, each: string): string {
  return `  local stage_= word_ options_= words_= choices_= command_=
  for word_ in ${each}; do
    if [[ $word_ == then ]]; then stage_=
    elif [[ -z $stage_ && " ${[...stageNames, ...commandNames].join(' ')} " == *" $word_ "* ]]; then stage_=$word_; fi
  done
  case "${previous}" in
${arms(choices(), 'choices_')}
  esac
  case "$stage_" in
${arms(own.map(([name, options]) => [name, spelled(options)]), 'options_')}
  esac
  case "$stage_" in
${arms(operands(), 'command_')}
  esac
  if [[ -n $choices_ ]]; then words_=$choices_
  elif [[ "${current}" == -* ]]; then words_="$options_ ${spelled(jobOptions).join(' ')} --help"
  elif [[ -n $command_ ]]; then words_=$command_
  elif [[ "${previous}" == then ]]; then words_="${stageNames.join(' ')}"
  elif [[ -z $stage_ ]]; then words_="${[...stageNames, ...commandNames].join(' ')}"
  else words_=then; fi`;
}

function bash(): string {
  return `# bash completion of weir; put \`source <(weir completion bash)\` into ~/.bashrc
_weir() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
${body('$current', '$previous', '"${COMP_WORDS[@]:1:COMP_CWORD-1}"')}
  COMPREPLY=($(compgen -W "$words_" -- "$current"))
  if [[ $words_ == then ]]; then COMPREPLY+=($(compgen -f -- "$current")); compopt -o filenames 2>/dev/null; fi
}
complete -F _weir weir
`;
}

function zsh(): string {
  return `#compdef weir
# zsh completion of weir; put \`source <(weir completion zsh)\` into ~/.zshrc behind compinit
_weir() {
  local current=$words[CURRENT] previous=$words[CURRENT-1]
${body('$current', '$previous', '${words[2,CURRENT-1]}')}
  compadd -- \${=words_}
  [[ $words_ == then ]] && _files
}
compdef _weir weir
`;
}

function fish(): string {
  const quote = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
  const option = (o: OptionSpec, when: string) =>
    `complete -c weir ${when}-l ${o.name}${o.short ? ` -s ${o.short}` : ''}${o.value ? ' -r' : ''}${o.choices ? ` -f -a ${quote(o.choices.join(' '))}` : ''} -d ${quote(o.help)}`;
  const none = `-n 'not __fish_seen_subcommand_from ${[...stageNames, ...commandNames].join(' ')}' `;
  const next = `-n 'test (commandline -opc)[-1] = then' `;
  const lines = [
    '# fish completion of weir; weir completion fish > ~/.config/fish/completions/weir.fish',
    ...stages.flatMap((s) => [none, next].map((when) => `complete -c weir -f ${when}-a ${s.name} -d ${quote(s.summary)}`)),
    ...commandSpecs.map((c) => `complete -c weir -f ${none}-a ${c.name} -d ${quote(c.summary)}`),
    ...operands().map(([name, words]) => `complete -c weir -f -n '__fish_seen_subcommand_from ${name}' -a ${quote(words.join(' '))}`),
    ...jobOptions.map((o) => option(o, '')),
    ...own.flatMap(([name, options]) => options.map((o) => option(o, `-n '__fish_seen_subcommand_from ${name}' `))),
  ];
  return `${lines.join('\n')}\n`;
}
