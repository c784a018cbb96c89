// What of a run is worth reading: everything near the first violation, and before that only what members did, not what
// they heard.
import type { TraceLine } from "./traceLine.ts";

/** Before a violation everything is told for this long. */
const CLOSE_MS = 3_000;

/** @param focusMs the moment to look at closely; `null` where nothing was broken */
export function selectLines(lines: readonly TraceLine[], focusMs: number | null): readonly TraceLine[] {
  return lines.filter(({ atMs, from }) => {
    if (from === null) return focusMs === null || atMs <= focusMs + CLOSE_MS;
    return focusMs !== null && atMs >= focusMs - CLOSE_MS && atMs <= focusMs + CLOSE_MS / 10;
  });
}
