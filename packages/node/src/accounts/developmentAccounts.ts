// The accounts that a development chain endows: those of the well-known phrase at once, those of others by derivation.
import { pbkdf2Sync } from "node:crypto";
import { DEVELOPMENT_KEYS, DEVELOPMENT_MNEMONIC } from "@festina/chainspec";
import { addressOfSecretKey } from "@festina/crypto";
import { type Address, hexToBytes } from "@festina/primitives";

export interface DevelopmentAccount {
  readonly address: Address;
  readonly secretKey: Uint8Array;
}

function writtenAccounts(count: number): readonly DevelopmentAccount[] {
  return DEVELOPMENT_KEYS.slice(0, count).map(({ address, secretKey }) => ({
    address: address as Address,
    secretKey: hexToBytes(secretKey),
  }));
}

/** The first `count` accounts under m/44'/60'/0'/0 (BIP-39 seed without passphrase, BIP-32, BIP-44). */
export async function deriveAccounts(count: number, mnemonic: string): Promise<readonly DevelopmentAccount[]> {
  const { HDKey } = await import("@scure/bip32");
  const seed = pbkdf2Sync(mnemonic.normalize("NFKD"), "mnemonic", 2048, 64, "sha512");
  const parent = HDKey.fromMasterSeed(seed).derive("m/44'/60'/0'/0");
  return Array.from({ length: count }, (_, index) => {
    const secretKey = parent.deriveChild(index).privateKey;
    if (secretKey === null) throw new RangeError(`no key at index ${index}`);
    return { address: addressOfSecretKey(secretKey), secretKey };
  });
}

/** The first `count` accounts of the phrase that every Ethereum development tool knows. */
export async function developmentAccounts(count: number): Promise<readonly DevelopmentAccount[]> {
  return count <= DEVELOPMENT_KEYS.length ? writtenAccounts(count) : deriveAccounts(count, DEVELOPMENT_MNEMONIC);
}
