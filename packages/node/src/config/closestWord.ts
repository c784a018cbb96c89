/** Changes of one letter that turn one word into another. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let at = 1; at <= to.length; at++) {
      const replaced = (row[at - 1] ?? 0) + (letter === to[at - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** Longer ones are no slips of the finger, and comparing them takes time. */
const LETTERS_MAX = 40;

/** What somebody may have meant to type; `null` when nothing is close. */
export function closestWord(typed: string, words: readonly string[]): string | null {
  if (typed.length > LETTERS_MAX) return null;
  let best: { word: string; changes: number } | null = null;
  for (const word of words) {
    const changes = distance(typed.toLowerCase(), word.toLowerCase());
    if (changes <= Math.max(1, Math.floor(word.length / 3)) && (best === null || changes < best.changes))
      best = { word, changes };
  }
  return best?.word ?? null;
}
