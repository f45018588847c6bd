// in: constants and helpers that generated code needs
// out: the names by which the code knows them, so that no text of the user becomes code

import { methodCaller, regexTest } from './methods.ts';
import { ownTime } from './own-time.ts';
import * as runtime from './runtime.ts';

const HELPERS = { ...runtime, regexTest, ownTime };
export type Helper = keyof typeof HELPERS;

/** The parameters of a generated function. */
export class Parameters {
  readonly names: string[] = [];
  readonly values: unknown[] = [];
  private readonly methods = new Map<string, string>();

  constant(value: unknown): string {
    this.names.push(`k${this.names.length}`);
    this.values.push(value);
    return this.names.at(-1)!;
  }

  helper(name: Helper): string {
    if (!this.names.includes(name)) {
      this.names.push(name);
      this.values.push(HELPERS[name]);
    }
    return name;
  }

  /** The caller of a listed method. */
  method(name: string): string {
    const known = this.methods.get(name) ?? this.constant(methodCaller(name));
    this.methods.set(name, known);
    return known;
  }

  /** Compiles `body`, the body of a function whose free names are the parameters, and runs it. */
  run(body: string): unknown {
    return new Function(...this.names, `'use strict';\n${body}`)(...this.values);
  }
}
