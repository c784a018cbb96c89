// What a light node remembers of what was sent through it, without a network.
import { createMemoryStore } from "@festina/adapters";
import { addressOfSecretKey, recoverPublicKey } from "@festina/crypto";
import type { Address } from "@festina/primitives";
import { prefixEnd, TABLE, tableKey } from "@festina/storage";
import { signTransaction } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { LightTransactions } from "../../src/light/lightTransactions.ts";
import { senderRecovery } from "../../src/pool/senderRecovery.ts";
import { aSpec, ETHER } from "../committee/committee.ts";
import { fieldsOf } from "./lightUnderTest.ts";

const SECRET = new Uint8Array(32).fill(0x79);
const spec = aSpec();
const transfer = (valueWei: bigint) => signTransaction(fieldsOf({ valueWei }), SECRET);

/** Whoever is asked proves that everybody is rich, after a moment. */
function aNode(store = createMemoryStore()) {
  let nowMs = 1_000;
  const header = { number: 9, timestamp: 1_700_000_000, gasLimit: 30_000_000n, baseFeePerGasWei: 10n ** 9n };
  const sent = new LightTransactions({
    ...{ spec, store, recover: senderRecovery(spec, recoverPublicKey) },
    head: () => ({ header }) as never,
    network: () => ({ broadcast: () => 1, peers: () => [], send: () => true }) as never,
    proofs: {
      account: async () => true,
      body: async () => false,
      blockByNumber: () => undefined,
      state: { nonce: () => 0n, balance: (_: Address) => 100n * ETHER } as never,
    },
    isStopped: () => false,
    nowMs: () => ++nowMs,
  });
  return { store, sent };
}

const hashesOf = ({ sent }: ReturnType<typeof aNode>) => sent.report().map(({ hash }) => hash);

describe("what was sent through a light node", () => {
  it("is told the oldest first, also after another start", async () => {
    const before = aNode();
    const transfers = Array.from({ length: 12 }, (_, index) => transfer(BigInt(index)));
    for (const { encoded } of transfers) expect(await before.sent.submit(encoded)).toMatchObject({ ok: true });
    const expected = transfers.map(({ hash }) => hash);
    expect(hashesOf(before)).toEqual(expected);
    const after = aNode(before.store);
    expect(await after.sent.load()).toBe(0);
    expect(hashesOf(after)).toEqual(expected);
    expect(after.sent.report()[0]).toMatchObject({ from: addressOfSecretKey(SECRET), nonce: 0, sentAgain: 0 });
  });

  it("does not leave behind for ever what cannot be read", async () => {
    const { store, sent } = aNode();
    const prefix = tableKey(TABLE.sentTransaction);
    await store.write([{ type: "put", key: tableKey(TABLE.sentTransaction, Uint8Array.of(7)), value: prefix }]);
    await sent.submit(transfer(1n).encoded);
    const again = aNode(store);
    expect(await again.sent.load()).toBe(1);
    expect(await store.entries({ from: prefix, to: prefixEnd(prefix) })).toHaveLength(1);
    expect(await aNode(store).sent.load()).toBe(0);
  });

  it("is taken once, and no more than there is room for, by those who send at the same time", async () => {
    const { sent } = aNode();
    const { encoded } = transfer(1n);
    const twice = await Promise.all([sent.submit(encoded), sent.submit(encoded)]);
    expect(twice.map((one) => (one.ok ? "taken" : one.error.code))).toEqual(["taken", "POOL_KNOWN"]);
    const many = await Promise.all(
      Array.from({ length: 300 }, (_, value) => sent.submit(transfer(BigInt(value)).encoded)),
    );
    expect(sent.waitingCount).toBe(256);
    expect(many.filter((one) => !one.ok && one.error.code === "POOL_FULL").length).toBeGreaterThan(40);
  });
});
