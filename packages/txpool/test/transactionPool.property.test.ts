import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { PoolChange } from "../src/index.ts";
import { account, aPool, aTransaction, FakeAccounts } from "./samples.ts";

/** Random traffic on a small pool, against what must hold whatever happens. */

const LIMITS = { transactionsMax: 12, bytesMax: 60, gappedMax: 6, perSenderMax: 5, perPayerMax: 3, lifetimeMs: 50 };
const ACCOUNTS = [0, 1, 2, 3].map(account);

const offer = fc.record({
  sender: fc.constantFrom(...ACCOUNTS),
  nonce: fc.nat(6),
  tipWei: fc.bigInt(0n, 20n),
  maxFeeWei: fc.bigInt(20n, 60n),
  gasLimit: fc.constantFrom(1n, 2n),
  valueWei: fc.bigInt(0n, 30n),
  payer: fc.option(fc.constantFrom(...ACCOUNTS), { nil: undefined }),
  feeWei: fc.bigInt(0n, 5n),
  validUntilSeconds: fc.bigInt(1_000n, 1_020n),
  bytes: fc.constantFrom(1, 2, 5, 20, 61),
});
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("add" as const), offer, local: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("block" as const), take: fc.nat(4), poor: fc.nat(7) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("refuse" as const), index: fc.nat(11) }) },
);

function check(pool: ReturnType<typeof aPool>["pool"], reader: FakeAccounts): void {
  const content = pool.content();
  expect(content.length).toBe(pool.size);
  expect(pool.size).toBeLessThanOrEqual(LIMITS.transactionsMax);
  expect(content.reduce((sum, { encoded }) => sum + encoded.length, 0)).toBeLessThanOrEqual(LIMITS.bytesMax);
  const next = new Map<string, bigint>();
  let given = 0;
  for (const { sender, nonce, hash } of pool.pending(0n)) {
    expect(nonce).toBe(next.get(sender) ?? reader.nonce(sender));
    next.set(sender, nonce + 1n);
    expect(pool.get(hash)).toBeDefined();
    given++;
  }
  expect(given).toBe(pool.executableCount);
  expect(pool.hasEligible(0n)).toBe(given > 0);
  for (const address of ACCOUNTS) {
    const own = content.filter(({ sender }) => sender === address);
    expect(own.length).toBeLessThanOrEqual(LIMITS.perSenderMax);
    expect(new Set(own.map(({ nonce }) => nonce)).size).toBe(own.length);
    const paid = content.filter(({ sender, sponsorship }) => sponsorship?.payer === address && sender !== address);
    expect(paid.length).toBeLessThanOrEqual(LIMITS.perPayerMax);
    const owes = (transaction: (typeof content)[number]): bigint => {
      const { sender, sponsorship, valueWei, gasLimit, maxFeePerGasWei } = transaction;
      const gas = (sponsorship?.payer ?? sender) === address ? gasLimit * maxFeePerGasWei : 0n;
      return gas + (sender === address ? valueWei + (sponsorship?.feeWei ?? 0n) : 0n);
    };
    const owed = content.reduce((sum, transaction) => sum + owes(transaction), 0n);
    expect(owed <= reader.balanceWei(address)).toBe(true);
  }
}

describe("the pool under random traffic", () => {
  it("never gives a gap, never exceeds a limit, never holds what is not covered, and reports each change once", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const reader = new FakeAccounts();
        for (const address of ACCOUNTS) reader.balances.set(address, 400n);
        const { pool } = aPool(LIMITS, reader);
        const known = new Set<string>();
        let nowMs = 0;
        const apply = ({ executable, dropped }: PoolChange): void => {
          for (const { transaction } of dropped) expect(known.delete(transaction.hash)).toBe(true);
          for (const { hash } of executable) expect(known.has(hash)).toBe(true);
        };
        for (const action of steps) {
          nowMs += 1;
          if (action.kind === "add") {
            const { payer, ...plain } = action.offer;
            const transaction = aTransaction(payer === undefined ? plain : { ...plain, payer });
            const result = pool.add(transaction, action.local ? "local" : "peer", nowMs);
            if (result.ok) known.add(transaction.hash);
            if (result.ok) apply(result.value);
          } else if (action.kind === "refuse") {
            const victim = pool.content()[action.index];
            if (victim !== undefined) apply(pool.refuse(victim.hash));
          } else {
            const included = [...pool.pending(0n)].slice(0, action.take);
            for (const { sender, nonce } of included) reader.nonces.set(sender, nonce + 1n);
            const poor = ACCOUNTS[action.poor];
            if (poor !== undefined) reader.balances.set(poor, 100n);
            const timestampSeconds = 1_000 + Math.floor(nowMs / 5);
            // The payers too are named by the block, so that a poor one is noticed at once.
            const mentions = ACCOUNTS.map((sender) => ({
              hash: aTransaction({ sender, nonce: 99 }).hash,
              sender,
              sponsorship: null,
            }));
            apply(
              pool.onBlock({
                ...{ included: [...included, ...mentions], blockGasLimit: 1_000_000n, timestampSeconds, nowMs, reader },
              }),
            );
          }
          check(pool, reader);
          expect(new Set(pool.content().map(({ hash }) => hash))).toEqual(known);
        }
      }),
      { numRuns: 150, seed: 7 },
    );
  });
});
