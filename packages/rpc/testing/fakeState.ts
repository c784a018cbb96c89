// States that depend on nothing but who is asked for, at which block.
import { ZERO_HASH } from "@festina/primitives";
import type { RpcBackend } from "../src/index.ts";
import { ACCOUNTS, TOKEN, word } from "./fakeChain.ts";

export const FAKE_STATE: RpcBackend["state"] = {
  // Block 0 plays a block whose state is gone.
  balance: (account, number) => (number === 0 ? undefined : BigInt(account) % 1_000_000n),
  nonce: (account, number) => (number === 0 ? undefined : account === ACCOUNTS[0] ? 5n : 0n),
  code: (account, number) => (number === 0 ? undefined : Uint8Array.from(account === TOKEN ? [0x60, 0x01] : [])),
  storage: (_, slot, number) => (number === 0 ? undefined : slot + 1n),
  proof: (_, slots, number) =>
    number === 0
      ? undefined
      : {
          balanceWei: 9n,
          nonce: 1n,
          codeHash: word("c0de"),
          storageRoot: word("5707"),
          accountProof: [Uint8Array.of(0xc0)],
          storageProofs: slots.map((slot) => ({ slot, value: slot + 1n, proof: [Uint8Array.of(0x80)] })),
        },
  accountRange: (number, startKey, max) => {
    if (number === 0) return undefined;
    const keys = [1, 2, 3].map((index) => word(`${index}`)).filter((key) => key >= startKey);
    const account = { balanceWei: 10n ** 20n, nonce: 1n, codeHash: word("c0de"), storageRoot: word("5707") };
    return {
      accounts: keys.slice(0, max).map((hashedKey, index) => ({
        hashedKey,
        address: index === 0 && startKey === ZERO_HASH ? ACCOUNTS[0] : null,
        ...account,
      })),
      next: keys[max] ?? null,
    };
  },
};
