const PAUSE_MS = 50;

/**
 * Asks until `poll` answers with something, and answers with that. `null` and `undefined` mean "not yet".
 *
 * @throws Error naming `what` once `timeoutMs` have passed
 */
export async function waitFor<T>(
  what: string,
  timeoutMs: number,
  poll: () => Promise<T | null | undefined> | T | null | undefined,
  pauseMs = PAUSE_MS,
): Promise<T> {
  const endMs = Date.now() + timeoutMs;
  for (;;) {
    const found = await poll();
    if (found !== null && found !== undefined) return found;
    if (Date.now() > endMs) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
