// The commands of a page of documentation, in order: what stands in its fenced blocks of shell.

/**
 * A step for each block that begins with ```sh. What follows on that line names a terminal of its own, in which the block
 * keeps running (```sh terminal=node); without it the block ends by itself.
 * @returns {{ readonly text: string, readonly terminal: string | null }[]}
 */
export function pageSteps(page) {
  return [...page.matchAll(/^```sh(?: terminal=([a-z]+))?\n([\s\S]*?)^```$/gm)].map(([, terminal, text]) => ({
    text: text.trim(),
    terminal: terminal ?? null,
  }));
}
