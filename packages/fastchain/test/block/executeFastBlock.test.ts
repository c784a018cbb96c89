// What a voter finds when a block says something else than its execution: one lie, one code.
import { ZERO_HASH } from "@festina/primitives";
import { createCheckedEngine, type Engine, EngineDifferenceError } from "@festina/tvm";
import type { FastBlock } from "@festina/types";
import { beforeAll, describe, expect, it } from "@jest/globals";
import type { ExecutionTrust } from "../../src/index.ts";
import { TestChain } from "../chain/aChain.ts";
import { aSpec, OWNERS, PAYOUTS, USER_KEYS } from "../chain/members.ts";
import { aTransaction } from "../chain/transactions.ts";
import { changeHeader, changeRequests, changeTransactions } from "./changeBlock.ts";

const SPEC = aSpec({}, { electionWindowBlocks: 100 });

describe("executing a block", () => {
  let chain: TestChain;
  let good: FastBlock;

  beforeAll(async () => {
    chain = await TestChain.create(SPEC);
    await chain.add();
    const snailBlock = chain.snail.mine({ number: 1, hash: chain.head.hash }, [chain.snail.fruit(OWNERS[0])]);
    const transactions = [aTransaction(0), aTransaction(0, {}, USER_KEYS[2])];
    const built = await chain.build({ snailBlock, transactions, certificate: chain.certificateFor(1) });
    if (!built.ok) throw new Error(built.error.message);
    good = built.value.block;
  });

  const codeOf = async (block: FastBlock, trust: ExecutionTrust = "proposed"): Promise<string> => {
    const taken = await chain.take(block, trust);
    if (taken.ok) throw new Error("a wrong block was taken");
    return taken.error.code;
  };

  it.each<[string, (block: FastBlock) => FastBlock]>([
    ["EXECUTION_STATE_ROOT", (block) => changeHeader(block, { stateRoot: ZERO_HASH })],
    ["EXECUTION_RECEIPTS_ROOT", (block) => changeHeader(block, { receiptsRoot: ZERO_HASH })],
    ["EXECUTION_LOGS_BLOOM", (block) => changeHeader(block, { logsBloom: new Uint8Array(256).fill(1) })],
    ["EXECUTION_GAS_USED", (block) => changeHeader(block, { gasUsed: block.header.gasUsed - 1n })],
    ["EXECUTION_GAS_USED", (block) => changeTransactions(block, block.transactions.slice(1))],
    ["EXECUTION_TRANSACTION", (block) => changeTransactions(block, [aTransaction(1), ...block.transactions])],
    ["EXECUTION_REWARDS", (block) => changeRequests(block, { rewards: block.requests.rewards.slice(1) })],
    ["EXECUTION_REWARDS", (block) => changeRequests(block, { rewards: [...block.requests.rewards].reverse() })],
    ["EXECUTION_REWARDS", (block) => changeRequests(block, { rewards: [{ to: PAYOUTS[0], amountWei: 1n }] })],
  ])("%s", async (code, change) => {
    expect(await codeOf(change(good))).toBe(code);
  });

  it("EXECUTION_TRANSACTION: a signature that nobody made", async () => {
    const [first] = good.transactions as [FastBlock["transactions"][number]];
    const forged = { ...first, signature: { ...first.signature, r: 0n } };
    expect(await codeOf({ ...good, transactions: [forged, ...good.transactions.slice(1)] })).toBe(
      "EXECUTION_TRANSACTION",
    );
  });

  it("EXECUTION_BODIES_MISSING: without the snail block a member cannot judge the rewards", async () => {
    chain.snail.missing.add(good.header.snailPointer);
    expect(await codeOf(good)).toBe("EXECUTION_BODIES_MISSING");
    chain.snail.missing.clear();
    expect(await codeOf(changeRequests(good, { rewards: [] }), "committed")).toBe("EXECUTION_REWARDS");
  });

  it("EXECUTION_ENGINE_FAULT: an engine that breaks makes no result", async () => {
    const broken: Engine = { name: "broken", run: async () => Promise.reject(new Error("out of memory")) };
    const before = chain.environment.engine;
    Object.assign(chain.environment, { engine: broken });
    expect(await codeOf(good)).toBe("EXECUTION_ENGINE_FAULT");
    Object.assign(chain.environment, { engine: before });
  });

  it("is no verdict when two engines differ: that ends the node", async () => {
    const before = chain.environment.engine;
    const wrong: Engine = {
      name: "wrong",
      run: async (call, view, block) => {
        const outcome = await before.run(call, view, block);
        return outcome.kind === "success" ? { ...outcome, gasLeft: outcome.gasLeft - 1n } : outcome;
      },
    };
    const reasons: string[] = [];
    const checked = createCheckedEngine(wrong, before, ({ reason }) => void reasons.push(reason));
    Object.assign(chain.environment, { engine: checked });
    await expect(codeOf(good)).rejects.toThrow(EngineDifferenceError);
    expect(reasons.map((reason) => reason.includes("gasLeft"))).toEqual([true]);
    Object.assign(chain.environment, { engine: createCheckedEngine(before, before, () => undefined) });
    expect(await codeOf(changeHeader(good, { gasUsed: 1n }))).toBe("EXECUTION_GAS_USED");
    Object.assign(chain.environment, { engine: before });
  });

  it("takes the block itself, after all that", async () => {
    const taken = await chain.take(good);
    expect(taken.ok && taken.value.executed.map(({ receipt }) => receipt.cumulativeGasUsed)).toEqual([
      21_000n,
      42_000n,
    ]);
  });
});
