// in: nothing
// out: what a generator is

export interface GeneratorRules {
  readonly seed: number;
  /** events per second of event time */
  readonly rate: number;
  /** event time of the first event, ms */
  readonly start: number;
}

/** Gives the next line, with its newline; all ASCII. */
export type Generator = () => string;
