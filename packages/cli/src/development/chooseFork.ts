// The chain that `festina dev` goes on from, and the one that it then is. Loaded by forks only.
import type { ChainSpec } from "@festina/chainspec";
import { type Fork, loadFork } from "@festina/dev";
import { orThrow, typed } from "../commands/context.ts";
import { CliError } from "../output/cliError.ts";
import { EXIT } from "../output/exitCodes.ts";
import type { DevCommandOptions } from "./devOptions.ts";

/** `kept`: the chain spec of a folder that goes on from a block already. @throws CliError, with why there is no fork */
export async function chooseFork(
  { forkUrl, forkBlockNumber, timestamp }: DevCommandOptions,
  kept: ChainSpec["fork"],
  world: Parameters<typeof loadFork>[1],
): Promise<Fork> {
  if (forkUrl === undefined)
    throw new CliError(
      "OPTION_MISSING",
      `the chain in this folder goes on from block ${kept?.blockNumber} of another one: name that by --fork-url URL`,
      EXIT.usage,
    );
  const blockNumber = forkBlockNumber ?? kept?.blockNumber;
  const opened = await loadFork({ url: forkUrl, ...(blockNumber === undefined ? {} : { blockNumber }) }, world);
  if (!opened.ok && opened.error.code === "FORK_URL_INVALID") typed(opened);
  const fork = orThrow(opened);
  if (kept !== undefined && kept.blockHash !== fork.facts.blockHash)
    throw new CliError(
      "FORK_DIFFERS",
      `the chain in this folder goes on from block ${kept.blockNumber}, ${kept.blockHash}, which that chain does not have`,
    );
  if (timestamp !== undefined && timestamp < fork.timestampSeconds)
    throw new CliError(
      "OPTIONS_CONTRADICT",
      `--timestamp ${timestamp} is before the forked block's, ${fork.timestampSeconds}`,
      EXIT.usage,
    );
  return fork;
}
