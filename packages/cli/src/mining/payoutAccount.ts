import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { addressOfSecretKey } from "@festina/crypto";
import { type Address, bytesToHex } from "@festina/primitives";
import { loadPlainKey } from "../commands/sender.ts";
import { typedAddress } from "../input/typedAddress.ts";

export interface PayoutOptions {
  readonly payout?: string;
  readonly account: string;
}

export interface PayoutAccount {
  readonly address: Address;
  /** The key file that was made for it just now. */
  readonly madeFile: string | null;
}

/** Who is paid: the address that was named, else the account of a key file, which is made when it is not there. */
export function choosePayout(options: PayoutOptions): PayoutAccount {
  if (options.payout !== undefined) return { address: typedAddress(options.payout), madeFile: null };
  const file = resolve(options.account);
  if (existsSync(file)) return { address: addressOfSecretKey(loadPlainKey(file)), madeFile: null };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const secretKey = new Uint8Array(randomBytes(32));
  // Below the order of the curve.
  secretKey[0] = (secretKey[0] as number) & 0x7f;
  writeFileSync(file, `${bytesToHex(secretKey)}\n`, { mode: 0o600, flag: "wx" });
  return { address: addressOfSecretKey(secretKey), madeFile: file };
}
