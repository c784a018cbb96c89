import type { Failure, Result } from "@festina/primitives";
import { createRpcClient, type RpcClient } from "@festina/rpc";
import { CliError } from "../output/cliError.ts";
import { EXIT } from "../output/exitCodes.ts";

export const DEFAULT_RPC_URL = "http://127.0.0.1:8545";

/** What a command may use: where to print, and how. */
export interface CommandContext {
  /** The file that runs this command in a process of its own. */
  readonly program: string;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
}

export function orThrow<T>(result: Result<T>): T {
  if (!result.ok) throw fromFailure(result.error);
  return result.value;
}

/** Of what somebody typed: asked wrongly, where it does not parse. */
export function typed<T>(result: Result<T>): T {
  if (!result.ok) throw new CliError(result.error.code, result.error.message, EXIT.usage);
  return result.value;
}

export function fromFailure(failure: Failure): CliError {
  return new CliError(failure.code, failure.message);
}

/**
 * The node named by --rpc, else by FESTINA_RPC, else the one on this machine. A port, or host and port, is enough.
 * @throws CliError URL_INVALID
 */
export function rpcUrl(options: { readonly rpc?: string }): string {
  const named = (options.rpc || process.env["FESTINA_RPC"] || DEFAULT_RPC_URL).trim();
  const address = /^:?\d{1,5}$/.test(named) ? `127.0.0.1:${named.replace(":", "")}` : named;
  const url = /^[a-z]+:\/\//i.test(address) ? address : /:\d+(\/|$)/.test(address) ? `http://${address}` : "";
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ""))
    throw new CliError(
      "URL_INVALID",
      `"${named}" is no address of a node; write for example ${DEFAULT_RPC_URL}`,
      EXIT.usage,
    );
  return url;
}

export function connect(options: { readonly rpc?: string }): RpcClient {
  return createRpcClient(rpcUrl(options));
}

/** Prints an answer as JSON for scripts, or as the lines that people read. */
export function report(
  context: CommandContext,
  asJson: boolean | undefined,
  value: unknown,
  lines: readonly string[],
): void {
  if (asJson === true)
    context.print(JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? item.toString() : item)));
  else for (const line of lines) context.print(line);
}
