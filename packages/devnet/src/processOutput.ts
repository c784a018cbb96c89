import type { Readable } from "node:stream";

/** A line of a node's log: an event name with its facts. */
export interface NodeLogLine {
  readonly event: string;
  readonly level: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

const LINE_CHARS_MAX = 64 * 1024;

function parseLine(line: string): NodeLogLine | null {
  try {
    const { event, level, ...facts } = JSON.parse(line) as Record<string, unknown>;
    return typeof event === "string" ? { event, level: String(level), facts } : null;
  } catch {
    return null; // A line of Node's own: it is in the log file all the same.
  }
}

/** Splits a node's output into lines and hands over the events among them. */
export function readNodeEvents(
  stream: Readable,
  onLine: (line: string) => void,
  onEvent: (event: NodeLogLine) => void,
): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = (lines.pop() ?? "").slice(-LINE_CHARS_MAX);
    for (const line of lines) {
      onLine(line);
      const event = parseLine(line);
      if (event !== null) onEvent(event);
    }
  });
}
