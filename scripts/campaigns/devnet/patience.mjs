// Waiting with a bound, as every step of the campaign does it.

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks until `poll` answers with something other than null, undefined or false. @throws Error naming `what` after `timeoutMs` */
export async function waitFor(what, timeoutMs, poll, pauseMs = 50) {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const found = await poll();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > endMs) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await sleep(pauseMs);
  }
}

/** A poll that takes a node which does not answer for a node with nothing to say. */
export const orNothing = (poll) => async () => {
  try {
    return await poll();
  } catch {
    return null;
  }
};
