// Colours for people. NO_COLOR (https://no-color.org) takes them away, FORCE_COLOR puts them where no terminal is.
import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

interface Stream {
  readonly isTTY?: boolean;
}

export function isColoured(stream: Stream, environment: NodeJS.ProcessEnv = process.env): boolean {
  const { NO_COLOR: none, FORCE_COLOR: forced, TERM: terminal } = environment;
  if (none !== undefined && none !== "") return false;
  if (forced !== undefined && forced !== "" && forced !== "0") return true;
  return stream.isTTY === true && terminal !== "dumb";
}

export function style(stream: Stream, format: Format, text: string): string {
  return isColoured(stream) ? styleText(format, text) : text;
}
