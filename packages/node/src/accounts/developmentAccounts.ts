import { pbkdf2Sync } from "node:crypto";
import { addressOfSecretKey } from "@festina/crypto";
import type { Address } from "@festina/primitives";
import { HDKey } from "@scure/bip32";

/** The phrase every Ethereum development tool knows. Its keys are public: never use them for anything of value. */
export const DEVELOPMENT_MNEMONIC = "test test test test test test test test test test test junk";

export interface DevelopmentAccount {
  readonly address: Address;
  readonly secretKey: Uint8Array;
}

/** The first `count` accounts under m/44'/60'/0'/0 (BIP-39 seed without passphrase, BIP-32, BIP-44). */
export function deriveDevelopmentAccounts(
  count: number,
  mnemonic = DEVELOPMENT_MNEMONIC,
): readonly DevelopmentAccount[] {
  const seed = pbkdf2Sync(mnemonic.normalize("NFKD"), "mnemonic", 2048, 64, "sha512");
  const parent = HDKey.fromMasterSeed(seed).derive("m/44'/60'/0'/0");
  return Array.from({ length: count }, (_, index) => {
    const secretKey = parent.deriveChild(index).privateKey;
    if (secretKey === null) throw new RangeError(`no key at index ${index}`);
    return { address: addressOfSecretKey(secretKey), secretKey };
  });
}
