import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Address } from "@festina/primitives";
import { loadNodeConfig } from "../../nodeFiles.ts";
import { CliError } from "../../output/cliError.ts";
import { chooseValidator, type NamedValidator } from "../../seat/seatFolder.ts";
import { type CommandContext, report } from "../context.ts";
import { type MineOptions, mine } from "../mine.ts";

export interface SupportOptions extends NamedValidator, Omit<MineOptions, "support" | "account"> {
  /** Configuration of a node with a miner, whose fruits are to name the validator. */
  readonly config?: string;
}

function changeConfig(context: CommandContext, file: string, validator: Address, asJson: boolean | undefined): void {
  if (loadNodeConfig(file).miner === null)
    throw new CliError("MINER_MISSING", `${file} has no miner; without --config this command mines by itself`);
  const config = JSON.parse(readFileSync(file, "utf8")) as { miner: Record<string, unknown> };
  config.miner["supports"] = [validator];
  writeFileSync(`${file}.new`, `${JSON.stringify(config, null, 2)}\n`);
  renameSync(`${file}.new`, file);
  report(context, asJson, { config: file, supports: [validator] }, [
    `fruits of this miner will name ${validator} alone; restart its node: festina start --config ${file}`,
  ]);
}

/**
 * `festina validator support`: makes fruits name a validator, which is what elects it. Changes the miner of a node of
 * one's own (`--config`), or mines here, paid to the validator unless told otherwise. Answers with the exit code.
 */
export async function supportValidator(context: CommandContext, options: SupportOptions): Promise<number> {
  const validator = chooseValidator(options);
  if (options.config !== undefined) {
    changeConfig(context, options.config, validator, options.json);
    return 0;
  }
  return mine(context, { ...options, account: "", payout: options.payout ?? validator, support: validator });
}
