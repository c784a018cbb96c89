// Flaws 14 to 22 of the original's ledger (analysis of TrueChain, 11.2) as attacks on whole blocks. What a single
// transaction shows is in the tests of `tvm` and `types`.
import { FEE_POT, VALIDATOR_REGISTRY } from "@festina/contracts";
import { type Hex, hexToBytes } from "@festina/primitives";
import { systemCall } from "@festina/tvm";
import { type RecoveredTransaction, TRANSACTION_TYPE } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { toBlockContext, totalSupplyWei } from "../../src/index.ts";
import { TestChain } from "../chain/aChain.ts";
import { COUNTER, REVERTER } from "../chain/contracts.ts";
import {
  aSpec,
  ETHER,
  GENESIS_SECONDS,
  GWEI,
  OWNER_KEYS,
  OWNERS,
  PAYOUTS,
  USER_KEYS,
  USERS,
} from "../chain/members.ts";
import { aTransaction } from "../chain/transactions.ts";
import { changeRequests, changeTransactions } from "./changeBlock.ts";

const SPEC = aSpec({}, { electionWindowBlocks: 100 });
const FEE_WEI = 3n * ETHER;
const [, , THIRD_KEY] = USER_KEYS;

function aSponsored(
  nonce: number,
  fields: Parameters<typeof aTransaction>[1] = {},
  feeWei = FEE_WEI,
  key?: Uint8Array,
): RecoveredTransaction {
  const sponsorship = { feeWei, payer: USERS[1], validUntilSeconds: BigInt(GENESIS_SECONDS + 60) };
  return aTransaction(nonce, { type: TRANSACTION_TYPE.sponsored, sponsorship, ...fields }, key);
}

function expectSupply(chain: TestChain): void {
  expect(chain.sumOfBalances()).toBe(totalSupplyWei(chain.head.supply));
}

describe("the original's flaws, at blocks", () => {
  it("flaw 14: a fee that reaches the pot left the sender - creating, calling nobody, reverting", async () => {
    const chain = await TestChain.create(SPEC);
    const setUp = await chain.add({ transactions: [aTransaction(0, { to: null, data: REVERTER }, THIRD_KEY)] });
    const reverter = setUp.executed[0]?.createdAddress ?? null;
    const potBefore = chain.balanceOf(FEE_POT);
    const senderBefore = chain.balanceOf(USERS[0]);
    const nobody = `0x${"09".repeat(20)}` as typeof reverter;
    const { executed } = await chain.add({
      transactions: [
        aSponsored(0, { to: null, data: COUNTER }),
        aSponsored(1, { to: nobody }),
        aSponsored(2, { to: reverter }),
      ],
    });
    expect(executed.map(({ receipt }) => receipt.succeeded)).toEqual([true, true, false]);
    const tips = executed.reduce((sum, { gasUsed }) => sum + gasUsed * GWEI, 0n);
    expect(chain.balanceOf(FEE_POT) - potBefore).toBe(3n * FEE_WEI + tips);
    expect(senderBefore - chain.balanceOf(USERS[0])).toBe(3n * FEE_WEI);
    expectSupply(chain);
  });

  it("flaw 15: what one balance covers singly but not together is not built, and refused when someone builds it", async () => {
    const chain = await TestChain.create(SPEC);
    const first = aSponsored(0, {}, 600n * ETHER);
    const second = aSponsored(1, {}, 600n * ETHER);
    const built = await chain.build({ transactions: [first, second] });
    if (!built.ok) throw new Error(built.error.message);
    expect(chain.refusals).toEqual([{ hash: second.hash, code: "TX_INSUFFICIENT_BALANCE" }]);
    const taken = await chain.take(changeTransactions(built.value.block, [first, second]));
    expect(!taken.ok && taken.error).toMatchObject({ code: "EXECUTION_TRANSACTION" });
    expect((await chain.take(built.value.block)).ok).toBe(true);
    expectSupply(chain);
  });

  it("flaw 16: a fee of 2^64 wei is a fee", async () => {
    const chain = await TestChain.create(SPEC);
    const { executed } = await chain.add({ transactions: [aSponsored(0, {}, 2n ** 64n)] });
    const [outcome] = executed;
    expect(chain.balanceOf(FEE_POT)).toBe(2n ** 64n + (outcome?.gasUsed ?? 0n) * GWEI);
    expectSupply(chain);
  });

  it("flaw 17: a deposit pays nobody's gas: it lies in the registry, which has no key", async () => {
    const chain = await TestChain.create(SPEC);
    const deposits = chain.balanceOf(VALIDATOR_REGISTRY);
    const [ownerKey] = OWNER_KEYS;
    const all = chain.balanceOf(OWNERS[0]);
    const spent = aTransaction(0, { valueWei: all }, ownerKey);
    await chain.add({ transactions: [spent] });
    expect(chain.refusals).toEqual([{ hash: spent.hash, code: "TX_INSUFFICIENT_BALANCE" }]);
    expect(chain.balanceOf(VALIDATOR_REGISTRY)).toBe(deposits);
  });

  it("flaw 18: a block whose transaction has other payer bytes is another block", async () => {
    const chain = await TestChain.create(SPEC);
    const built = await chain.build({ transactions: [aSponsored(0)] });
    if (!built.ok) throw new Error(built.error.message);
    const { block } = built.value;
    const [transaction] = block.transactions as [RecoveredTransaction];
    const encoded = Uint8Array.from(transaction.encoded);
    encoded[encoded.length - 1] = (encoded.at(-1) as number) ^ 1;
    const refused = chain.verify({ ...block, transactions: [{ ...transaction, encoded }] });
    expect(!refused.ok && refused.error.code).toBe("HEADER_TRANSACTIONS_ROOT");
  });

  it("flaw 19: a payer's agreement that has run out is worth nothing in a block", async () => {
    const chain = await TestChain.create(SPEC);
    const empty = await chain.build({ afterMs: 62_000 });
    if (!empty.ok) throw new Error(empty.error.message);
    const late = await chain.take(changeTransactions(empty.value.block, [aSponsored(0)]));
    expect(!late.ok && late.error.code).toBe("EXECUTION_TRANSACTION");
    expect(!late.ok && late.error.message).toContain("TX_EXPIRED");
  });

  it("flaw 20: the canonical signer set is the one in the certificate on chain, not what a miner lists", async () => {
    const chain = await TestChain.create(SPEC);
    await chain.add();
    // The miner would rather see member 3 unpaid; it has no say: only certificates in fast blocks count.
    const anchor = { number: 1, hash: chain.head.hash };
    await chain.add({ certificate: chain.certificateFor(1, [0, 1, 3]) });
    await chain.add({ certificate: chain.certificateFor(2, [0, 1, 3]) });
    const snailBlock = {
      ...chain.snail.mine(anchor),
      certificate: chain.certificateFor(1, [0, 1, 2]),
    };
    const { block } = await chain.add({ snailBlock });
    const paid = block.requests.rewards.map(({ to }) => to);
    expect(paid).toEqual(expect.arrayContaining([PAYOUTS[0], PAYOUTS[1], PAYOUTS[3]]));
    expect(paid).not.toContain(PAYOUTS[2]);
    // A payout closes the account: who sleeps now and who slept before are two questions.
    await chain.add({ certificate: chain.certificateFor(4, [0, 1, 2]) });
    const next = await chain.add({ snailBlock: chain.snail.mine(anchor) });
    const paidNext = next.block.requests.rewards.map(({ to }) => to);
    expect(paidNext).toContain(PAYOUTS[2]);
    expect(paidNext).not.toContain(PAYOUTS[3]);
  });

  it("flaw 20: another signer set in the certificate is another block", async () => {
    const chain = await TestChain.create(SPEC);
    await chain.add();
    const built = await chain.build({ certificate: chain.certificateFor(1) });
    if (!built.ok) throw new Error(built.error.message);
    const smaller = { ...built.value.block.requests, certificate: chain.certificateFor(1, [0, 1, 2]) };
    const swapped = chain.verify({ ...built.value.block, requests: smaller });
    expect(!swapped.ok && swapped.error.code).toBe("HEADER_REQUESTS_HASH");
    expect(changeRequests(built.value.block, smaller).hash).not.toBe(built.value.block.hash);
  });

  it("flaw 20b: what rounding leaves is either in the pot or was never minted", async () => {
    const chain = await TestChain.create(SPEC);
    await chain.add({ transactions: [aSponsored(0, {}, 12_345_678_901n)] });
    const potWei = chain.balanceOf(FEE_POT);
    const anchor = { number: 1, hash: chain.head.hash };
    const fruits = [chain.snail.fruit(OWNERS[0], { fruitDifficulty: 333n })];
    const { block, hybrid } = await chain.add({ snailBlock: chain.snail.mine(anchor, fruits) });
    const listed = block.requests.rewards.reduce((sum, { amountWei }) => sum + amountWei, 0n);
    expect(hybrid.supply.rewardsWei).toBe(listed);
    expect(chain.balanceOf(FEE_POT)).toBe(potWei % 100n);
    expectSupply(chain);
  });

  it("flaw 21: a static call cannot write the registry", async () => {
    // The code of a validator's owner: forwards its input to the registry and returns whether that succeeded.
    const registry = VALIDATOR_REGISTRY.slice(2);
    const byStaticCall = `0x365f5f375f5f365f73${registry}5afa5f5260205ff3` as const;
    const byCall = `0x365f5f375f5f365f5f73${registry}5af15f5260205ff3` as const;
    const [to] = OWNERS;
    const succeeds = async (code: Hex, input: Hex): Promise<boolean> => {
      const chain = await TestChain.create(aSpec({ genesisAccounts: [{ address: to, balanceWei: 0n, code }] }));
      const view = chain.states.open(chain.head.header.stateRoot);
      const block = toBlockContext(chain.head.header, SPEC, chain.ancestry);
      const data = hexToBytes(input);
      const answer = await systemCall({ to, data, view, block, engine: chain.environment.engine });
      return answer.kind === "success" && answer.output[31] === 1;
    };
    const count = "0x06661abd";
    const ready = "0x6defbf80";
    expect(await succeeds(byStaticCall, count)).toBe(true);
    expect(await succeeds(byCall, ready)).toBe(true);
    expect(await succeeds(byStaticCall, ready)).toBe(false);
  });

  it("flaw 22: typed transactions, warm accounts and call data prices of Osaka are in force from the first block on", async () => {
    const chain = await TestChain.create(SPEC);
    const data = Uint8Array.of(0, 1);
    const listed = [{ address: OWNERS[0], storageKeys: [] }];
    const types = [
      aTransaction(0, { type: TRANSACTION_TYPE.legacy, maxPriorityFeePerGasWei: 10n * GWEI, data }),
      aTransaction(1, { type: TRANSACTION_TYPE.accessList, maxPriorityFeePerGasWei: 10n * GWEI, accessList: listed }),
      aTransaction(2, { data }),
      aSponsored(3, { data }, 0n),
    ];
    const { executed } = await chain.add({ transactions: types });
    expect(executed.map(({ gasUsed }) => gasUsed)).toEqual([21_050n, 23_400n, 21_050n, 21_050n]);
  });
});
