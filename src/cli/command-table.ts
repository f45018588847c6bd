// in: nothing
// out: the commands that are no stages, as data: commander, help, man page and completion come from here

export interface CommandSpec {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  /** its words are those of a job, with all its options */
  readonly takesJob: boolean;
  readonly operands: readonly { readonly name: string; readonly help: string; readonly choices?: readonly string[] }[];
  readonly options: readonly { readonly flags: string; readonly help: string; readonly normal?: string }[];
}

export const commandSpecs: readonly CommandSpec[] = [
  {
    name: 'run',
    usage: 'run PIPELINE.weir [OPTIONS] [FILE...]',
    summary: 'runs a pipeline from a file: a stage a line, options on `set` lines, # comments; works behind #!',
    takesJob: true,
    operands: [{ name: '[words...]', help: 'the pipeline, options that replace its own, FILEs' }],
    options: [],
  },
  {
    name: 'explain',
    usage: 'explain [OPTIONS] STAGE [ARGS] [then STAGE [ARGS]]...',
    summary: 'says how a pipeline would run: stages, edges, fields read, state kept',
    takesJob: true,
    operands: [{ name: '[words...]', help: 'a pipeline, or a .weir file' }],
    options: [],
  },
  {
    name: 'snapshot',
    usage: 'snapshot ls|show|verify|save|rm DIR [ID]',
    summary: 'looks into snapshots, asks the job that runs for a savepoint, or removes snapshots',
    takesJob: false,
    operands: [
      {
        name: '<what>',
        help: 'ls: a line of JSON per snapshot; show: positions, keyed state, timers and watermarks of the newest (or of ID); verify: whether each is whole; save: the job that runs takes a savepoint, which stays until it is removed (SIGUSR1 does the same); rm: removes all, or ID',
        choices: ['ls', 'show', 'verify', 'save', 'rm'],
      },
      { name: '<dir>', help: 'the DIR of --snapshots' },
      { name: '[id]', help: 'one of them; by default show takes the newest, verify and rm take all' },
    ],
    options: [],
  },
  {
    name: 'generate',
    usage: 'generate access|rides|fares|nexmark [--events N] [--seed N] [--rate N] [--start TIME]',
    summary: 'prints a sample stream, the same one for the same seed',
    takesJob: false,
    operands: [{ name: '<name>', help: 'access, rides, fares or nexmark', choices: ['access', 'rides', 'fares', 'nexmark'] }],
    options: [
      { flags: '--events <N>', help: 'how many', normal: '1000' },
      { flags: '--seed <N>', help: 'another stream', normal: '1' },
      { flags: '--rate <N>', help: 'events per second of event time', normal: '100' },
      { flags: '--start <TIME>', help: 'event time of the first one', normal: '2026-01-01T00:00:00Z' },
    ],
  },
  {
    name: 'help',
    usage: 'help [STAGE|COMMAND|expressions|functions|time|snapshots] [--json|--man]',
    summary: 'help on weir, a stage or a topic',
    takesJob: false,
    operands: [{ name: '[topic]', help: 'what about' }],
    options: [
      { flags: '--json', help: 'all of it, for programs' },
      { flags: '--man', help: 'the manual page, as roff' },
    ],
  },
  {
    name: 'completion',
    usage: 'completion bash|zsh|fish',
    summary: 'prints what makes a shell complete words of weir',
    takesJob: false,
    operands: [{ name: '<shell>', help: 'bash, zsh or fish', choices: ['bash', 'zsh', 'fish'] }],
    options: [],
  },
];
