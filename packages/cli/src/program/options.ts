// Options that several commands have, and the checks of their values.
import { parseOrigin } from "@festina/rpc";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { CommandContext } from "../commands/context.ts";

/** What the definitions of commands are given. */
export interface Definition {
  readonly context: CommandContext;
  /** Whether failures are told in JSON. */
  readonly asJson: boolean;
  /** Sets the exit code of a command that has more than one good end. */
  readonly finish: (code: number) => void;
}

export const ENGINES = ["compiler", "interpreter", "reference"];
const PORT_MAX = 65_535;

export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < minimum || value > maximum) {
      throw new InvalidArgumentError(`expected a whole number from ${minimum} to ${maximum}`);
    }
    return value;
  };
}

export const port = wholeNumber(1, PORT_MAX);
/** 0 takes a free one. */
export const anyPort = wholeNumber(0, PORT_MAX);

export const engineOptions = (command: Command): Command =>
  command
    .addOption(new Option("--engine <name>", "what runs contracts (default: compiler)").choices(ENGINES))
    .option("--engine-check", "run everything on a second engine, too, and stop at the first difference");

export function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 86_400)) throw new InvalidArgumentError("expected seconds, such as 2 or 0.5");
  return value;
}

export function share(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError("expected a number above 0 and up to 1");
  return value;
}

/** Origins after commas, as browsers write them. */
export function origins(text: string): readonly string[] {
  return text.split(",").map((item) => {
    const origin = parseOrigin(item);
    if (origin === null) throw new InvalidArgumentError("expected origins such as http://localhost:3000, or *.");
    return origin;
  });
}

export const withCors = (command: Command): Command =>
  command.option(
    "--cors <origins>",
    "pages that may use the RPC from a browser, by their origins after commas; '*' lets all (default: none)",
    origins,
  );

export const withIpc = (command: Command): Command =>
  command.option("--ipc <file>", "a socket file for programs of the same user besides, such as geth's geth.ipc");

export const withRpc = (command: Command): Command =>
  command
    .option("--rpc <url>", "node to ask (default: FESTINA_RPC, else http://127.0.0.1:8545)")
    .option("--json", "answer in JSON");

export const withKeystore = (command: Command): Command =>
  command
    .option("--keystore <folder>", "where keystore files are")
    .option("--password-file <file>", "file with the password (default: FESTINA_PASSWORD, else asked for)");

export const withSender = (command: Command): Command =>
  withKeystore(withRpc(command))
    .option("--account <address>", "sender, by its keystore file in the folder")
    .option("--key <file>", "sender, by a keystore file or a file with the secret key")
    .option("--from <address>", "sender, a development account that the node signs for (default: its first)")
    .option("--gas-limit <gas>", "gas to allow (default: what the node estimates)", wholeNumber(21_000, 2 ** 40));

/** For options that may be given more than once. */
export const collect = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

/** Lines below a command's options. Each begins with what is typed. */
export function examples(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText("after", `\nExamples:\n${lines.map((line) => `  $ festina ${line}`).join("\n")}`);
}
