// What a proposer takes, leaves and reports.
import { createReferenceEngine } from "@festina/adapters";
import type { Engine } from "@festina/tvm";
import { type FastBlock, fastTimeMs } from "@festina/types";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { hybridTimeMs } from "../../src/index.ts";
import { TestChain } from "../chain/aChain.ts";
import { COUNTER } from "../chain/contracts.ts";
import { FakeSnail } from "../chain/fakeSnail.ts";
import { aSpec, CHAIN_ID, ETHER, GENESIS_SECONDS, GWEI, USER_KEYS, USERS } from "../chain/members.ts";
import { aTransaction, RECIPIENT } from "../chain/transactions.ts";

const SPEC = aSpec();
const [FIRST_KEY, PAYER_KEY, THIRD_KEY] = USER_KEYS;

describe("building a block", () => {
  let chain: TestChain;

  beforeAll(async () => {
    chain = await TestChain.create(SPEC);
  });

  const build = async (wish: Parameters<TestChain["build"]>[0]): Promise<FastBlock> => {
    const built = await chain.build(wish);
    if (!built.ok) throw new Error(built.error.message);
    const verified = chain.verify(built.value.block);
    if (!verified.ok) throw new Error(verified.error.message);
    return built.value.block;
  };

  it("leaves out what is not valid here, names why, and goes on", async () => {
    const sponsored = (changes: object) => ({
      type: 0x54 as const,
      sponsorship: { feeWei: 0n, payer: USERS[1], validUntilSeconds: BigInt(GENESIS_SECONDS + 60), ...changes },
    });
    const wrong = [
      ["TX_NONCE_TOO_HIGH", aTransaction(5)],
      ["TX_CHAIN_ID", aTransaction(0, { chainId: 1n })],
      ["TX_INSUFFICIENT_BALANCE", aTransaction(0, { valueWei: 2_000n * ETHER })],
      ["TX_FEE_BELOW_BASE_FEE", aTransaction(0, { maxFeePerGasWei: 5n, maxPriorityFeePerGasWei: 0n })],
      ["TX_INTRINSIC_GAS", aTransaction(0, { gasLimit: 20_999n })],
      ["TX_EXPIRED", aTransaction(0, sponsored({ validUntilSeconds: BigInt(GENESIS_SECONDS - 1) }))],
      ["TX_INSUFFICIENT_BALANCE", aTransaction(0, sponsored({ feeWei: 2_000n * ETHER }))],
      ["TX_PAYER_INSUFFICIENT_BALANCE", aTransaction(0, { ...sponsored({}), maxFeePerGasWei: ETHER })],
    ] as const;
    const right = aTransaction(0);
    const block = await build({ transactions: [...wrong.map(([, transaction]) => transaction), right] });
    expect(block.transactions.map(({ hash }) => hash)).toEqual([right.hash]);
    expect(chain.refusals).toEqual(wrong.map(([code, { hash }]) => ({ hash, code })));
  });

  it("stops at the gas limit and at the bytes of a block, and says so", async () => {
    const large = { gasLimit: 16_000_000n, to: RECIPIENT };
    const transactions = [aTransaction(0, large), aTransaction(0, large, PAYER_KEY), aTransaction(0, large, THIRD_KEY)];
    // Each uses only 21,000: what counts is gas used, not its limit.
    expect((await build({ transactions })).transactions).toHaveLength(3);
    // Init code of JUMPDESTs and a STOP.
    const burner = { to: null, data: new Uint8Array(40_001).fill(0x5b, 0, 40_000), gasLimit: 16_000_000n };
    const heavy = Array.from({ length: 24 }, (_, nonce) => aTransaction(nonce, burner, PAYER_KEY));
    const full = await build({ transactions: heavy });
    expect(full.header.gasUsed).toBeLessThanOrEqual(full.header.gasLimit);
    expect(chain.refusals.length).toBeGreaterThan(0);
    expect(chain.refusals.every(({ code }) => code === "BLOCK_FULL")).toBe(true);
  });

  it("leaves out what would make the block longer than it may be, with room for its requests", async () => {
    const long = { data: new Uint8Array(120_000), gasLimit: 3_000_000n };
    const transactions = Array.from({ length: 8 }, (_, nonce) => aTransaction(nonce, long));
    const block = await build({ transactions });
    expect(block.transactions).toHaveLength(6);
    expect(chain.refusals.map(({ code }) => code)).toEqual(["BLOCK_FULL", "BLOCK_FULL"]);
  });

  it("stops when its time is over, without refusing anything", async () => {
    const transactions = [0, 1, 2, 3].map((nonce) => aTransaction(nonce));
    const block = await build({ transactions, timeFor: 2 });
    expect(block.transactions).toHaveLength(2);
    expect(chain.refusals).toEqual([]);
  });

  it("gives the block a later time than its parent's, whatever the clock says", async () => {
    for (const afterMs of [-5_000, 0, 1]) {
      expect(fastTimeMs((await build({ afterMs })).header)).toBe(hybridTimeMs(chain.head) + 1);
    }
    expect(fastTimeMs((await build({ afterMs: 1_234 })).header)).toBe(hybridTimeMs(chain.head) + 1_234);
  });

  it("leaves the parent's state alone: building twice gives the same block", async () => {
    const transactions = [aTransaction(0, { valueWei: 5n }), aTransaction(1, { to: null, data: COUNTER })];
    const one = await build({ transactions });
    const two = await build({ transactions });
    expect(two.hash).toBe(one.hash);
    expect(chain.balanceOf(RECIPIENT)).toBe(0n);
  });

  it("refuses to be told of a snail block or certificate that the rules forbid", async () => {
    const stray = chain.snail.mine({ number: 0, hash: chain.head.hash });
    const wrong = { ...stray, header: { ...stray.header, number: 9 } };
    await expect(chain.build({ snailBlock: wrong })).rejects.toThrow("may be pointed to");
  });
});

describe("a transaction that breaks the engine", () => {
  it("is left out with its code, and the rest of the block is as if it had never been", async () => {
    const reference = createReferenceEngine({ chainId: CHAIN_ID });
    const fragile: Engine = {
      name: "fragile",
      run: async (call, view, block) => {
        const outcome = await reference.run(call, view, block);
        if (call.valueWei === 13n) throw new Error("the engine broke half-way");
        return outcome;
      },
    };
    const chain = await TestChain.create(SPEC, new FakeSnail(), fragile);
    const bad = aTransaction(0, { valueWei: 13n, maxFeePerGasWei: 2n * GWEI }, FIRST_KEY);
    const rest = [aTransaction(0, { valueWei: 1n }, THIRD_KEY)];
    const without = await chain.build({ transactions: rest });
    const withBad = await chain.build({ transactions: [bad, ...rest] });
    expect(chain.refusals).toEqual([{ hash: bad.hash, code: "ENGINE_FAULT" }]);
    expect(withBad.ok && without.ok && withBad.value.block.hash === without.value.block.hash).toBe(true);
  });
});
