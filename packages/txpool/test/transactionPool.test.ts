import { fail } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { TransactionPool } from "../src/index.ts";
import { account, aPool, aTransaction, FakeAccounts } from "./samples.ts";

const ALICE = account(0);
const BOB = account(1);
const CAROL = account(2);

const nonces = (transactions: Iterable<{ readonly nonce: bigint }>): number[] =>
  [...transactions].map(({ nonce }) => Number(nonce));
const senders = (transactions: Iterable<{ readonly sender: string }>): string[] =>
  [...transactions].map(({ sender }) => sender);

function block(reader: FakeAccounts, fields: Partial<Parameters<TransactionPool["onBlock"]>[0]> = {}) {
  return { included: [], blockGasLimit: 1_000_000n, timestampSeconds: 1_001, nowMs: 0, reader, ...fields };
}

describe("admission", () => {
  it("takes those that name no chain where it was told to, and none of other chains", () => {
    const { add } = aPool({}, undefined, true);
    expect(add({ chainId: null })).toBe("added");
    expect(add({ chainId: 1n, nonce: 1 })).toBe("POOL_CHAIN_ID");
  });

  it("refuses each kind with its code", () => {
    const { add, reader } = aPool({ tipPerGasWeiMin: 2n });
    expect(add()).toBe("added");
    expect(add()).toBe("POOL_KNOWN");
    expect(add({ chainId: 1n })).toBe("POOL_CHAIN_ID");
    expect(add({ chainId: null })).toBe("POOL_UNPROTECTED");
    expect(add({ gasLimit: 1_000_001n })).toBe("POOL_GAS_ABOVE_BLOCK");
    expect(add({ payer: BOB, validUntilSeconds: 999n })).toBe("POOL_EXPIRED");
    expect(add({ tipWei: 1n, nonce: 1 })).toBe("POOL_UNDERPRICED");
    expect(add({ tipWei: 1n, nonce: 1 }, "local")).toBe("added");
    expect(add({ nonce: 64 })).toBe("POOL_NONCE_TOO_HIGH");
    reader.nonces.set(BOB, 3n);
    expect(add({ sender: BOB, nonce: 2 })).toBe("POOL_NONCE_TOO_LOW");
  });

  it("passes on what the rules of execution say", () => {
    const checkForm = () => fail("TX_INTRINSIC_GAS", "too little");
    const reader = new FakeAccounts();
    const pool = new TransactionPool({
      chainId: 1337n,
      blockGasLimit: 10n ** 6n,
      checkForm,
      reader,
      timestampSeconds: 1,
    });
    const result = pool.add(aTransaction(), "local", 0);
    expect(!result.ok && result.error.code).toBe("TX_INTRINSIC_GAS");
    expect(pool.size).toBe(0);
  });

  it("counts what a sender owes with everything it has waiting", () => {
    const { add, reader } = aPool();
    const costWei = 21_000n * 100n;
    reader.balances.set(ALICE, 2n * costWei + 5n);
    expect(add({ nonce: 0 })).toBe("added");
    expect(add({ nonce: 1, valueWei: 6n })).toBe("POOL_INSUFFICIENT_BALANCE");
    expect(add({ nonce: 1, valueWei: 5n })).toBe("added");
    expect(add({ nonce: 2, maxFeeWei: 0n, tipWei: 0n, valueWei: 1n })).toBe("POOL_INSUFFICIENT_BALANCE");
  });

  it("lets the payer cover gas, the sender value and fee", () => {
    const { add, reader } = aPool();
    reader.balances.set(ALICE, 7n);
    reader.balances.set(BOB, 21_000n * 100n);
    expect(add({ payer: BOB, feeWei: 8n })).toBe("POOL_INSUFFICIENT_BALANCE");
    expect(add({ payer: BOB, feeWei: 7n })).toBe("added");
    expect(add({ payer: BOB, nonce: 1 })).toBe("POOL_PAYER_INSUFFICIENT_BALANCE");
    expect(add({ sender: BOB })).toBe("POOL_INSUFFICIENT_BALANCE");
  });

  it("flaw 19: one payer has a bounded number waiting, its own transactions apart", () => {
    const { add } = aPool({ perPayerMax: 2 });
    expect(add({ payer: BOB })).toBe("added");
    expect(add({ payer: BOB, sender: CAROL })).toBe("added");
    expect(add({ payer: BOB, nonce: 1 })).toBe("POOL_PAYER_FULL");
    expect(add({ sender: BOB })).toBe("added");
    expect(add({ payer: BOB, tipWei: 3n, maxFeeWei: 110n })).toBe("added");
  });

  it("flaw 15: two sponsored transactions of one sender are both covered or the second is refused", () => {
    const { add, reader } = aPool();
    reader.balances.set(ALICE, 100n);
    expect(add({ payer: BOB, feeWei: 60n })).toBe("added");
    expect(add({ payer: BOB, feeWei: 60n, nonce: 1 })).toBe("POOL_INSUFFICIENT_BALANCE");
  });

  it("takes as many of a delegated account as its limits say", () => {
    const { add, reader } = aPool({ perDelegatedMax: 2 });
    reader.delegated.add(ALICE);
    for (const nonce of [0, 1]) expect(add({ nonce })).toBe("added");
    expect(add({ nonce: 2 })).toBe("POOL_DELEGATED_FULL");
  });

  it("takes one at a time of a delegated account", () => {
    const { add, reader } = aPool();
    reader.delegated.add(ALICE);
    expect(add({ nonce: 0 })).toBe("added");
    expect(add({ nonce: 1 })).toBe("POOL_DELEGATED_FULL");
    expect(add({ nonce: 0, tipWei: 3n, maxFeeWei: 110n })).toBe("added");
  });
});

describe("replacement", () => {
  it("asks for 10 % more of both fees", () => {
    const { add, pool } = aPool();
    expect(add({ tipWei: 10n, maxFeeWei: 100n })).toBe("added");
    expect(add({ tipWei: 10n, maxFeeWei: 110n })).toBe("POOL_REPLACEMENT_UNDERPRICED");
    expect(add({ tipWei: 11n, maxFeeWei: 109n })).toBe("POOL_REPLACEMENT_UNDERPRICED");
    expect(add({ tipWei: 11n, maxFeeWei: 110n })).toBe("added");
    expect(pool.content().map(({ maxFeePerGasWei }) => maxFeePerGasWei)).toEqual([110n]);
  });

  it("frees what the replaced one would have cost", () => {
    const { add, reader } = aPool();
    reader.balances.set(ALICE, 21_000n * 110n);
    expect(add({ tipWei: 10n })).toBe("added");
    expect(add({ tipWei: 11n, maxFeeWei: 110n })).toBe("added");
    expect(add({ nonce: 1, maxFeeWei: 1n, tipWei: 1n })).toBe("POOL_INSUFFICIENT_BALANCE");
  });

  it("reports the new one only, and the old as dropped", () => {
    const { add, pool } = aPool();
    add({ nonce: 0 });
    add({ nonce: 1 });
    const result = pool.add(aTransaction({ nonce: 0, tipWei: 3n, maxFeeWei: 110n }), "peer", 0);
    if (!result.ok) throw new Error(result.error.code);
    expect(nonces(result.value.executable)).toEqual([0]);
    expect(result.value.dropped.map(({ reason }) => reason)).toEqual(["replaced"]);
    expect(pool.executableCount).toBe(2);
  });
});

describe("order", () => {
  it("gives the best tip first and each sender's by nonce", () => {
    const { add, pool } = aPool();
    add({ sender: ALICE, nonce: 0, tipWei: 5n });
    add({ sender: ALICE, nonce: 1, tipWei: 50n });
    add({ sender: BOB, nonce: 0, tipWei: 9n });
    add({ sender: CAROL, nonce: 0, tipWei: 5n });
    expect(senders(pool.pending(10n))).toEqual([BOB, ALICE, ALICE, CAROL]);
  });

  it("orders by what is left over the base fee", () => {
    const { add, pool } = aPool();
    add({ sender: ALICE, tipWei: 50n, maxFeeWei: 100n });
    add({ sender: BOB, tipWei: 20n, maxFeeWei: 200n });
    expect(senders(pool.pending(10n))).toEqual([ALICE, BOB]);
    expect(senders(pool.pending(90n))).toEqual([BOB, ALICE]);
    expect(senders(pool.pending(101n))).toEqual([BOB]);
    expect([pool.hasEligible(200n), pool.hasEligible(201n)]).toEqual([true, false]);
  });

  it("holds back what lies behind a gap until the gap is filled", () => {
    const { add, pool } = aPool();
    add({ nonce: 2 });
    add({ nonce: 1 });
    expect([...pool.pending(0n)]).toEqual([]);
    expect([pool.hasEligible(0n), pool.nextNonce(ALICE), pool.size]).toEqual([false, 0n, 2]);
    const result = pool.add(aTransaction({ nonce: 0 }), "peer", 0);
    expect(result.ok && nonces(result.value.executable)).toEqual([0, 1, 2]);
    expect([nonces(pool.pending(0n)), pool.nextNonce(ALICE)]).toEqual([[0, 1, 2], 3n]);
  });

  it("passes over a sender whose transaction was not used, and what has left meanwhile", () => {
    const { add, pool, reader } = aPool();
    for (const nonce of [0, 1]) add({ sender: ALICE, nonce, tipWei: 9n });
    for (const nonce of [0, 1]) add({ sender: BOB, nonce, tipWei: 5n });
    add({ sender: CAROL, nonce: 0, tipWei: 3n });
    const pending = pool.pending(0n);
    expect(pending.next()?.sender).toBe(ALICE);
    pending.skipSender();
    expect(pending.next()?.sender).toBe(BOB);
    reader.nonces.set(CAROL, 1n);
    pool.onBlock(block(reader, { included: [aTransaction({ sender: CAROL, nonce: 0, tipWei: 3n })] }));
    expect(nonces(pending)).toEqual([1]);
  });

  it("takes another ordering through its port", () => {
    const reader = new FakeAccounts();
    const options = { chainId: 1337n, blockGasLimit: 10n ** 6n, checkForm: () => ({ ok: true as const, value: null }) };
    const firstCome = (a: { sequence: number }, b: { sequence: number }) => a.sequence - b.sequence;
    const pool = new TransactionPool({ ...options, reader, timestampSeconds: 1, ordering: firstCome });
    pool.add(aTransaction({ sender: ALICE, tipWei: 1n }), "peer", 0);
    pool.add(aTransaction({ sender: BOB, tipWei: 9n }), "peer", 0);
    expect(senders(pool.pending(0n))).toEqual([ALICE, BOB]);
  });
});

describe("limits", () => {
  it("bounds what one sender has waiting", () => {
    const { add } = aPool({ perSenderMax: 3 });
    expect([0, 1, 2].map((nonce) => add({ nonce }))).toEqual(["added", "added", "added"]);
    expect(add({ nonce: 3 })).toBe("POOL_SENDER_FULL");
  });

  it("evicts the least worth for something worth more", () => {
    const { add, pool } = aPool({ transactionsMax: 3 });
    add({ sender: ALICE, nonce: 0, tipWei: 5n });
    add({ sender: ALICE, nonce: 1, tipWei: 9n });
    add({ sender: BOB, tipWei: 7n });
    expect(add({ sender: CAROL, tipWei: 5n })).toBe("POOL_FULL");
    const result = pool.add(aTransaction({ sender: CAROL, tipWei: 6n }), "peer", 0);
    // The cheapest is Alice's first; her last goes, so that no gap is left.
    expect(result.ok && result.value.dropped).toMatchObject([
      { reason: "evicted", transaction: { sender: ALICE, nonce: 1n } },
    ]);
    expect(pool.size).toBe(3);
  });

  it("evicts as many as a large one needs room for, if all of them are worth less", () => {
    const { add, pool } = aPool({ bytesMax: 100 });
    for (const nonce of [0, 1, 2]) add({ sender: ALICE, nonce, tipWei: 3n, bytes: 10 });
    add({ sender: BOB, tipWei: 5n, bytes: 60 });
    const before = pool.content();
    // Without Bob's there is not enough.
    expect(add({ sender: CAROL, tipWei: 4n, bytes: 50 })).toBe("POOL_FULL");
    expect(add({ sender: CAROL, tipWei: 9n, bytes: 101 })).toBe("POOL_FULL");
    expect(pool.content()).toEqual(before);
    const result = pool.add(aTransaction({ sender: CAROL, tipWei: 4n, bytes: 25 }), "peer", 0);
    expect(result.ok && result.value.dropped.map(({ transaction }) => transaction.nonce)).toEqual([2n, 1n]);
    expect(pool.content().map(({ sender }) => sender)).toEqual([ALICE, BOB, CAROL]);
    expect(add({ sender: account(5), tipWei: 9n, bytes: 100 })).toBe("added");
    expect(pool.size).toBe(1);
  });

  it("counts once what leaves as the last of a sender and is itself worth little", () => {
    const { add, pool } = aPool({ bytesMax: 100 });
    add({ sender: ALICE, nonce: 0, tipWei: 1n, bytes: 10 });
    add({ sender: ALICE, nonce: 1, tipWei: 1n, bytes: 10 }, "local");
    add({ sender: ALICE, nonce: 2, tipWei: 2n, bytes: 40 });
    add({ sender: BOB, tipWei: 3n, bytes: 40 });
    expect(add({ sender: CAROL, tipWei: 9n, bytes: 60 })).toBe("added");
    expect(pool.content().map(({ sender, nonce }) => [sender, nonce])).toEqual([
      ...[
        [ALICE, 0n],
        [ALICE, 1n],
        [CAROL, 0n],
      ],
    ]);
  });

  it("counts what a replacement is larger by", () => {
    const { add, pool } = aPool({ bytesMax: 100 });
    add({ sender: ALICE, tipWei: 2n, bytes: 50 });
    add({ sender: BOB, tipWei: 1n, bytes: 50 });
    const larger = { sender: ALICE, tipWei: 4n, maxFeeWei: 200n };
    expect(add({ ...larger, bytes: 101 })).toBe("POOL_FULL");
    expect(pool.size).toBe(2);
    expect(add({ ...larger, bytes: 51 })).toBe("added");
    expect(pool.content().map(({ sender, encoded }) => [sender, encoded.length])).toEqual([[ALICE, 51]]);
    expect(add({ sender: BOB, tipWei: 1n, bytes: 49 })).toBe("added");
  });

  it("keeps this node's own transactions", () => {
    const { add } = aPool({ transactionsMax: 2 });
    add({ sender: ALICE, tipWei: 1n }, "local");
    add({ sender: BOB, tipWei: 1n }, "local");
    expect(add({ sender: CAROL, tipWei: 50n })).toBe("POOL_FULL");
  });

  it("keeps little behind gaps, and evicts nothing for it", () => {
    const { add } = aPool({ transactionsMax: 3, gappedMax: 2 });
    expect(add({ sender: ALICE, nonce: 1 })).toBe("added");
    expect(add({ sender: BOB, nonce: 1 })).toBe("added");
    expect(add({ sender: CAROL, nonce: 1, tipWei: 9n })).toBe("POOL_FULL");
    expect(add({ sender: CAROL, nonce: 0 })).toBe("added");
    expect(add({ sender: account(5), nonce: 1, tipWei: 9n })).toBe("POOL_FULL");
  });
});

describe("after a block", () => {
  it("forgets what was included and goes on with the next nonces", () => {
    const { add, pool, reader } = aPool();
    for (const nonce of [0, 1, 2]) add({ nonce });
    reader.nonces.set(ALICE, 2n);
    const change = pool.onBlock(
      block(reader, { included: [aTransaction({ nonce: 0 }), aTransaction({ nonce: 1, tipWei: 99n })] }),
    );
    expect(change.dropped.map(({ reason }) => reason)).toEqual(["mined", "stale"]);
    expect(change.executable).toEqual([]);
    expect(nonces(pool.pending(0n))).toEqual([2]);
  });

  it("drops what the account can no longer afford, highest nonce first", () => {
    const { add, pool, reader } = aPool();
    for (const nonce of [0, 1, 2]) add({ nonce });
    reader.balances.set(ALICE, 21_000n * 100n);
    const change = pool.onBlock(block(reader));
    expect(change.dropped.map(({ reason, transaction }) => [reason, transaction.nonce])).toEqual([
      ["underfunded", 2n],
      ["underfunded", 1n],
    ]);
  });

  it("drops what a payer can no longer afford, latest first", () => {
    const { add, pool, reader } = aPool();
    add({ sender: ALICE, payer: BOB });
    add({ sender: CAROL, payer: BOB });
    reader.balances.set(BOB, 21_000n * 100n);
    const change = pool.onBlock(block(reader, { included: [aTransaction({ sender: BOB, nonce: 7 })] }));
    expect(change.dropped).toMatchObject([{ reason: "underfunded", transaction: { sender: CAROL } }]);
  });

  it("drops sponsored ones after validUntil, whoever pays", () => {
    const { add, pool, reader } = aPool();
    add({ sender: ALICE, payer: BOB, validUntilSeconds: 1_500n });
    add({ sender: CAROL, payer: CAROL, validUntilSeconds: 1_500n });
    expect(pool.onBlock(block(reader, { timestampSeconds: 1_500 })).dropped).toEqual([]);
    expect(pool.onBlock(block(reader, { timestampSeconds: 1_501 })).dropped).toHaveLength(2);
    expect(pool.size).toBe(0);
  });

  it("drops what has no room in a block any more, and refuses and takes by the newest limit", () => {
    const { add, pool, reader } = aPool();
    add({ nonce: 0, gasLimit: 30_000n });
    add({ nonce: 1, gasLimit: 30_001n });
    add({ nonce: 2, gasLimit: 21_000n });
    const { dropped } = pool.onBlock(block(reader, { blockGasLimit: 30_000n }));
    expect(dropped).toMatchObject([{ reason: "refused", transaction: { nonce: 1n } }]);
    expect(nonces(pool.pending(0n))).toEqual([0]);
    expect(add({ nonce: 1, gasLimit: 30_001n })).toBe("POOL_GAS_ABOVE_BLOCK");
    pool.onBlock(block(reader, { blockGasLimit: 30_001n }));
    expect(add({ nonce: 1, gasLimit: 30_001n })).toBe("added");
  });

  it("drops peers' transactions at three hours, its own not", () => {
    const { add, pool, reader } = aPool();
    const hours3 = 3 * 3_600_000;
    add({ sender: ALICE }, "local", 0);
    add({ sender: BOB }, "peer", 0);
    add({ sender: CAROL }, "peer", 1);
    expect(pool.onBlock(block(reader, { nowMs: hours3 - 1 })).dropped).toEqual([]);
    expect(pool.onBlock(block(reader, { nowMs: hours3 })).dropped).toMatchObject([{ transaction: { sender: BOB } }]);
  });

  it("drops what a block's maker found invalid", () => {
    const { add, pool } = aPool();
    for (const nonce of [0, 1]) add({ nonce });
    expect(pool.refuse(aTransaction({ nonce: 0 }).hash).dropped).toMatchObject([{ reason: "refused" }]);
    expect([pool.size, pool.executableCount, pool.refuse(aTransaction({ nonce: 0 }).hash).dropped]).toEqual([1, 0, []]);
  });
});
