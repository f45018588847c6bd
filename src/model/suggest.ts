// in: a word that nobody knows, and the words that are known
// out: the one that was probably meant, as help says it

/** `did you mean 'count'?` if one of the words is close enough to be a slip of the keys; otherwise undefined. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const nearest = suggest(word, known);
  return nearest === undefined ? undefined : `did you mean '${nearest}'?`;
}

/** The nearest of the known words, if it is at most a third of its length away. */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const away = distance(word.toLowerCase(), candidate.toLowerCase());
    if (away < least) [best, least] = [candidate, away];
  }
  return best;
}

/** Edits from one word to the other; two letters that changed places are one edit. */
function distance(a: string, b: string): number {
  let [before, last, row] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j), [] as number[]];
  for (let i = 1; i <= a.length; i++) {
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(change, last[j]! + 1, row[j - 1]! + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
