import {
  createInterpreterEngine,
  createKeccakKernel,
  createMemoryStore,
  createSignatureSuite,
} from "@festina/adapters";
import { createDevSpec } from "@festina/chainspec";
import { recoverPublicKey } from "@festina/crypto";
import type { Address, Hash32 } from "@festina/primitives";
import { decodeTransaction, impersonate, TRANSACTION_TYPE } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { openChain } from "../../src/chain/openChain.ts";
import { TransactionService } from "../../src/pool/transactionService.ts";

const SENDER = `0x${"c0".repeat(20)}` as Address;
const spec = createDevSpec({ chainId: 7n, genesisTimeSeconds: 1_700_000_000, gasLimit: 30_000_000n, accounts: [] });

async function aService(): Promise<TransactionService> {
  const adapters = { suite: createSignatureSuite("ed25519"), engine: createInterpreterEngine() };
  const store = createMemoryStore();
  const { committed, states } = await openChain({ spec, store, ...adapters, keccak: createKeccakKernel() });
  const unused = () => {
    throw new Error("nothing is sent or built here");
  };
  return new TransactionService({
    ...{ spec, states, recoverPublicKey, limits: {} },
    ...{ head: () => committed.head, pending: unused, nowMs: unused, onAdmitted: unused },
  });
}

/** Hashes of so many transactions, whose senders were found one after the other. */
function recover(service: TransactionService, count: number, dataBytes: number): readonly Hash32[] {
  return Array.from({ length: count }, (_, index) => {
    const { encoded } = impersonate(
      {
        ...{ type: TRANSACTION_TYPE.feeMarket, chainId: 7n, nonce: BigInt(index), to: SENDER, valueWei: 1n },
        ...{ maxFeePerGasWei: 1n, maxPriorityFeePerGasWei: 0n, gasLimit: 21_000n, data: new Uint8Array(dataBytes) },
        ...{ accessList: [], authorizations: [], sponsorship: null },
      },
      SENDER,
    );
    const decoded = decodeTransaction(encoded);
    if (!decoded.ok || !service.recover(decoded.value).ok) throw new Error("a transaction was not taken");
    return decoded.value.hash;
  });
}

describe("transactions whose sender is known", () => {
  it("are held by the thousand where they are small", async () => {
    const service = await aService();
    const hashes = recover(service, 20_001, 0);
    expect([hashes[0], hashes[1], hashes.at(-1)].map((hash) => service.known(hash as Hash32) !== undefined)).toEqual([
      ...[false, true, true],
    ]);
  });

  it("are held up to 40 MB where anybody makes them large", async () => {
    const service = await aService();
    const hashes = recover(service, 500, 100_000);
    const held = hashes.filter((hash) => service.known(hash) !== undefined);
    expect(held).toEqual(hashes.slice(-held.length));
    expect(held.length).toBeGreaterThan(150);
    expect(held.length).toBeLessThan(210);
  });
});
