import { CliError } from "../output/cliError.ts";
import { EXIT } from "../output/exitCodes.ts";

const TAGS = ["latest", "earliest", "pending", "safe", "finalized", "anchored"];
const HASH = /^0x[0-9a-f]{64}$/i;

export function isHash(text: string): boolean {
  return HASH.test(text);
}

/** A number in decimal or hex as the RPC writes it; `null` for anything else. */
export function quantity(text: string): string | null {
  if (!/^(\d{1,16}|0x[0-9a-f]{1,13})$/i.test(text)) return null;
  return `0x${Number(text).toString(16)}`;
}

/** A block as `eth_call` names it. @throws CliError BLOCK_INVALID */
export function blockTag(text: string): string {
  const tag = TAGS.includes(text) ? text : quantity(text);
  if (tag === null)
    throw new CliError(
      "BLOCK_INVALID",
      `"${text}" is no block; write a number or one of ${TAGS.join(", ")}`,
      EXIT.usage,
    );
  return tag;
}
