import { readFileSync, statSync } from "node:fs";
import { FEE_POT, VALIDATOR_REGISTRY } from "@festina/contracts";
import { orThrow } from "../commands/context.ts";
import { CliError } from "../output/cliError.ts";
import { type GethGenesis, parseGethGenesis } from "./gethGenesis.ts";

/** Far above any genesis that somebody develops with. */
const BYTES_MAX = 256 * 2 ** 20;

/** A genesis file in geth's form. @throws CliError with the code of what is wrong */
export function readGenesisFile(file: string): GethGenesis {
  let text: string;
  try {
    if (statSync(file).size > BYTES_MAX) throw new CliError("FILE_INVALID", `${file} is too large for a genesis file`);
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError("FILE_UNREADABLE", `cannot read the genesis file ${file}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CliError("FILE_INVALID", `${file} is not valid JSON`);
  }
  const genesis = orThrow(parseGethGenesis(value));
  const taken = genesis.accounts.find(({ address }) => address === VALIDATOR_REGISTRY || address === FEE_POT);
  if (taken !== undefined)
    throw new CliError("GENESIS_FILE_INVALID", `alloc.${taken.address}: this chain has a contract of its own there`);
  return genesis;
}
