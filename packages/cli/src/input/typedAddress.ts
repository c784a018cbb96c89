// Addresses that people type or paste.
import { keccak256 } from "@festina/crypto";
import { type Address, bytesToHex, parseAddress } from "@festina/primitives";
import { CliError } from "../output/cliError.ts";
import { EXIT } from "../output/exitCodes.ts";

/** With capitals where the hash of the lower-case digits has an 8 or more (EIP-55). */
function withChecksum(address: Address): string {
  const hash = bytesToHex(keccak256(new TextEncoder().encode(address.slice(2))));
  return address.replace(/[a-f]/g, (digit, at: number) =>
    Number.parseInt(hash[at] ?? "0", 16) >= 8 ? digit.toUpperCase() : digit,
  );
}

/**
 * Capitals and small letters mixed are a checksum, and one that is wrong is a mistyped address.
 * @throws CliError ADDRESS_INVALID
 */
export function typedAddress(text: string): Address {
  const parsed = parseAddress(text);
  if (!parsed.ok)
    throw new CliError(parsed.error.code, `"${text}" is no address; write 0x and 40 hex digits`, EXIT.usage);
  const isMixed = /[a-f]/.test(text.slice(2)) && /[A-F]/.test(text);
  if (isMixed && text !== withChecksum(parsed.value))
    throw new CliError(
      "ADDRESS_INVALID",
      `"${text}" is mistyped: its capitals do not fit (EIP-55); written in small letters alone it is not checked`,
      EXIT.usage,
    );
  return parsed.value;
}
