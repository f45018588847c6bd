// in: regular expressions, or text that stands for one
// out: compiled expressions, each compiled once

const MOST = 1000;

/** Compiles texts of regular expressions and keeps them; `undefined` for what is none. */
export function patternCache(): (pattern: unknown) => RegExp | undefined {
  const known = new Map<string, RegExp | undefined>();
  return (pattern) => {
    if (pattern instanceof RegExp) return pattern;
    if (typeof pattern !== 'string') return undefined;
    if (!known.has(pattern)) {
      // patterns that come from data must not fill the memory
      if (known.size >= MOST) known.clear();
      known.set(pattern, compilePattern(pattern));
    }
    return known.get(pattern);
  };
}

export function compilePattern(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return attemptLoose(pattern);
  }
}

/** Without the `u` flag more is allowed, such as needless backslashes. */
function attemptLoose(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern);
  } catch {
    return undefined;
  }
}

/** Why a text is no regular expression. */
export function patternProblem(pattern: string): string {
  try {
    new RegExp(pattern);
    return '';
  } catch (error) {
    return (error as Error).message.replace(/^Invalid regular expression: /, '');
  }
}
