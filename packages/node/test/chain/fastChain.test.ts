import {
  createInterpreterEngine,
  createKeccakKernel,
  createMemoryStore,
  createSecp256k1,
  createSignatureSuite,
} from "@festina/adapters";
import { createDevSpec } from "@festina/chainspec";
import { fail, type Hash32, OperationError } from "@festina/primitives";
import type { KeyValueStore } from "@festina/storage";
import type { Certificate } from "@festina/types";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { FastChain } from "../../src/chain/fastChain.ts";
import { openChain } from "../../src/chain/openChain.ts";

const suite = createSignatureSuite("ed25519");
const engine = createInterpreterEngine();
const spec = createDevSpec({ chainId: 7n, genesisTimeSeconds: 1_700_000_000, gasLimit: 30_000_000n, accounts: [] });
const NO_TRANSACTIONS = { next: () => undefined, refuse: () => undefined };

/** What happened, in order: writes with whether they were flushed, and blocks that somebody was told of. */
async function aChain(isBroken: () => boolean) {
  const memory = createMemoryStore();
  const events: string[] = [];
  const store: KeyValueStore = {
    get: (key) => memory.get(key),
    entries: (range) => memory.entries(range),
    close: () => memory.close(),
    write: async (batch, options) => {
      const isFlushed = options?.sync ?? false;
      if (isFlushed && isBroken()) throw new OperationError("STORE_WRITE_FAILED", "the disk is broken");
      await memory.write(batch);
      events.push(isFlushed ? "flushed" : "written");
    },
  };
  const { committed, states } = await openChain({ spec, store, suite, engine, keccak: createKeccakKernel() });
  const chain = new FastChain({
    ...{ committed, states, store },
    environment: {
      ...{ spec, suite, engine, epochs: committed },
      recoverPublicKey: createSecp256k1().recoverPublicKey,
      recover: () => fail("TRANSACTION_INVALID", "there are none"),
      states: {
        open: (root) => states.open(root),
        seal: (parent, view) => states.seal(parent, view as ReturnType<typeof states.open>),
      },
      // No epoch ends in these blocks, and none moves the pointer.
      snail: {} as never,
    },
    onCommitted: ({ block }) => events.push(`told ${block.header.number}, head ${committed.head.header.number}`),
  });
  events.length = 0;
  const build = async (parent: Hash32, view: number): Promise<Hash32> => {
    const built = await chain.build(parent, {
      ...{ view, nowMs: 1_700_000_000_000 + view * 1_000, snailBlock: null, certificate: null, evidence: [] },
      reveal: new Uint8Array(),
      transactions: NO_TRANSACTIONS,
      hasTime: () => true,
    });
    if (built === null) throw new Error("no block was built");
    return built.block.hash;
  };
  const hashes: Hash32[] = [committed.head.hash];
  for (let view = 1; view <= 3; view++) hashes.push(await build(hashes[view - 1] as Hash32, view));
  const tip = hashes[3] as Hash32;
  const certificate: Certificate = {
    ...{ kind: "committed", epoch: 0, view: 3, blockHash: tip },
    signers: Uint8Array.of(1),
    signature: new Uint8Array(64),
  } as Certificate;
  return { chain, committed, events, tip, certificate };
}

describe("blocks that one certificate makes final", () => {
  let isBroken = false;
  beforeEach(() => {
    isBroken = false;
  });

  it("are all on the disk before anybody hears of the first", async () => {
    const { chain, events, tip, certificate } = await aChain(() => isBroken);
    expect(await chain.commit(tip, certificate)).toBe(true);
    expect(events).toEqual(["written", "written", "flushed", "told 1, head 1", "told 2, head 2", "told 3, head 3"]);
  });

  it("are told to nobody, and none is the head, when the disk fails with the last", async () => {
    const { chain, committed, events, tip, certificate } = await aChain(() => isBroken);
    isBroken = true;
    await expect(chain.commit(tip, certificate)).rejects.toThrow("the disk is broken");
    expect(events).toEqual(["written", "written"]);
    expect(committed.head.header.number).toBe(0);
  });
});
