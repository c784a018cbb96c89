// Clock, timers and chance reach a node through its adapters only: what takes them from the world around it cannot be
// simulated. This finds such places in the text of a source file.

const AMBIENT =
  /\b(?:setTimeout|setInterval|setImmediate|queueMicrotask|clearTimeout|clearInterval|performance\.(?:now|timeOrigin)|Date\.now|new Date(?=\(\))|Math\.random|process\.(?:hrtime|nextTick|uptime)|random(?:Bytes|UUID|Int|FillSync)|getRandomValues)\b|\bnode:(?:timers|perf_hooks)/g;

/** Lines are cut at comments, so that prose may name what code may not use. */
export function findAmbientWorld(text: string): readonly string[] {
  const code = text
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .split("\n")
    .map((line) => line.replace(/(^|\s)\/\/.*$/, ""));
  return code.flatMap((line) => line.match(AMBIENT) ?? []);
}
