// Every rule that needs no execution, broken alone: one change, one code.
import { ZERO_HASH } from "@festina/primitives";
import { type Certificate, type FastBlock, NO_DEVELOPMENT } from "@festina/types";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { isTimely, isUnanchored } from "../../src/index.ts";
import { makeCertificate, TestChain } from "../chain/aChain.ts";
import { MINER } from "../chain/fakeSnail.ts";
import { aSpec, OWNERS, PAYOUTS } from "../chain/members.ts";
import { aTransaction } from "../chain/transactions.ts";
import { changeHeader, changeRequests, changeTransactions, extraData } from "./changeBlock.ts";

const SPEC = aSpec({}, { electionWindowBlocks: 100 });

/** A thousand wei out of nothing, which development chains allow. */
const ENDOWMENT = {
  ...NO_DEVELOPMENT,
  accounts: [{ address: OWNERS[0], balanceWei: 1_000n, nonce: null, code: null, storage: [] }],
};

describe("header rules", () => {
  let chain: TestChain;
  /** On the head, not appended: pointer, certificate and a transaction. */
  let good: FastBlock;

  const codeOf = (block: FastBlock): string => {
    const verified = chain.verify(block);
    return verified.ok ? "ok" : verified.error.code;
  };
  const withCertificate = (changes: Partial<Certificate>): FastBlock =>
    changeRequests(good, { certificate: { ...(good.requests.certificate as Certificate), ...changes } });

  beforeAll(async () => {
    chain = await TestChain.create(SPEC);
    for (let number = 1; number <= 3; number++) await chain.add();
    const snailBlock = chain.snail.mine({ number: 1, hash: chain.hybridAt(1).hash }, [chain.snail.fruit(OWNERS[0])]);
    const wish = { snailBlock, certificate: chain.certificateFor(2), transactions: [aTransaction(0)] };
    const built = await chain.build(wish);
    if (!built.ok) throw new Error(built.error.message);
    good = built.value.block;
  });

  it("accept what the builder makes, and tell what they found", () => {
    const verified = chain.verify(good);
    if (!verified.ok) throw new Error(verified.error.message);
    expect(verified.value).toMatchObject({
      view: 4,
      pointer: { number: 1, hash: good.header.snailPointer },
      certificate: { number: 2 },
      isBoundary: false,
    });
  });

  it.each<[string, (block: FastBlock) => FastBlock]>([
    ["HEADER_NUMBER", (block) => changeHeader(block, { number: 9 })],
    ["HEADER_PARENT", (block) => changeHeader(block, { parentHash: ZERO_HASH })],
    ["HEADER_EXTRA_DATA", (block) => changeHeader(block, { extraData: new Uint8Array(3) })],
    ["HEADER_EXTRA_DATA", (block) => changeHeader(block, { extraData: extraData({ view: 0 }, block) })],
    ["HEADER_EPOCH", (block) => changeHeader(block, { extraData: extraData({ epoch: 1 }, block) })],
    ["HEADER_TIME", (block) => changeHeader(block, { timestamp: block.header.timestamp - 1 })],
    ["HEADER_GAS_LIMIT", (block) => changeHeader(block, { gasLimit: block.header.gasLimit + 1n })],
    ["HEADER_GAS_USED", (block) => changeHeader(block, { gasUsed: block.header.gasLimit + 1n })],
    ["HEADER_BASE_FEE", (block) => changeHeader(block, { baseFeePerGasWei: block.header.baseFeePerGasWei + 1n })],
    ["HEADER_COINBASE", (block) => changeHeader(block, { coinbase: MINER })],
    ["HEADER_COINBASE", (block) => changeHeader(block, { extraData: extraData({ view: 5 }, block) })],
    ["HEADER_TRANSACTIONS_ROOT", (block) => changeHeader(block, { transactionsRoot: ZERO_HASH })],
    ["HEADER_REQUESTS_HASH", (block) => changeHeader(block, { requestsHash: ZERO_HASH })],
    ["HEADER_POINTER", (block) => changeHeader(block, { snailPointer: ZERO_HASH })],
    ["HEADER_POINTER", (block) => changeRequests(block, { pointer: null, rewards: [] })],
    ["DEVELOPMENT_REFUSED", (block) => changeRequests(block, { development: ENDOWMENT })],
    ["REWARDS_MISPLACED", (block) => changeHeader(changeRequests(block, { pointer: null }), unmovedPointer())],
  ])("%s", (code, change) => {
    expect(codeOf(change(good))).toBe(code);
  });

  const unmovedPointer = () => ({ snailPointer: chain.head.pointer.hash });

  it("HEADER_TIME: the same millisecond is not later; the next one is", () => {
    const { header } = chain.head;
    const sameTime = { timestamp: header.timestamp, extraData: extraData({ milliseconds: 150 }, good) };
    expect(codeOf(changeHeader(good, sameTime))).toBe("HEADER_TIME");
    expect(codeOf(changeHeader(good, { ...sameTime, extraData: extraData({ milliseconds: 151 }, good) }))).toBe("ok");
  });

  it("HANDOVER_MISPLACED: only the last block of an epoch hands over", () => {
    const handover = { epoch: 1, members: chain.head.committee.members };
    expect(codeOf(changeRequests(good, { handover }))).toBe("HANDOVER_MISPLACED");
  });

  it("CERTIFICATE_*: COMMITTED, of an ancestor that is not certified on chain, by a quorum", async () => {
    const all = [0, 1, 2, 3];
    const { committee } = chain.head;
    const stranger = makeCertificate(committee, good.hash, all, chain.signing);
    expect(codeOf(changeRequests(good, { certificate: stranger }))).toBe("CERTIFICATE_ANCESTOR");
    const prepared = chain.certificateFor(2, all, "prepared");
    expect(codeOf(changeRequests(good, { certificate: prepared }))).toBe("CERTIFICATE_KIND");
    expect(codeOf(withCertificate({ kind: "committed", epoch: 1 }))).toBe("CERTIFICATE_INVALID");
    expect(codeOf(withCertificate({ signature: new Uint8Array(128) }))).toBe("CERTIFICATE_INVALID");
    expect(codeOf(changeRequests(good, { certificate: chain.certificateFor(2, [0, 1]) }))).toBe("CERTIFICATE_INVALID");
    expect(codeOf(changeRequests(good, { certificate: chain.certificateFor(3, [1, 2, 3]) }))).toBe("ok");
    const other = makeCertificate(committee, chain.head.hash, all, { ...chain.signing, chainId: 1n });
    expect(codeOf(changeRequests(good, { certificate: other }))).toBe("CERTIFICATE_INVALID");
  });

  it("POINTER_*: the next snail block, which anchors a block of this very branch", () => {
    const { pointer } = good.requests;
    if (pointer === null) throw new Error("the block moves the pointer");
    const change = (changes: Partial<typeof pointer>) => changeRequests(good, { pointer: { ...pointer, ...changes } });
    expect(codeOf(change({ number: 2 }))).toBe("POINTER_NOT_LINEAR");
    expect(codeOf(change({ parentHash: ZERO_HASH }))).toBe("POINTER_NOT_LINEAR");
    expect(codeOf(change({ anchorHash: good.hash }))).toBe("POINTER_ANCHOR_UNKNOWN");
    expect(codeOf(change({ anchorNumber: 4 }))).toBe("POINTER_ANCHOR_UNKNOWN");
  });

  it("BLOCK_TOO_LARGE: header, transactions and requests together", () => {
    const large = aTransaction(0, { data: new Uint8Array(120_000), gasLimit: 3_000_000n });
    const fits = Array.from({ length: 8 }, () => large);
    expect(codeOf(changeTransactions(good, fits))).toBe("ok");
    expect(codeOf(changeTransactions(good, [...fits, large]))).toBe("BLOCK_TOO_LARGE");
  });

  it("drift against a clock is no rule of validity", () => {
    expect(codeOf(changeHeader(good, { timestamp: good.header.timestamp + 60 }))).toBe("ok");
    expect(isTimely(2_000, 1_500, 500)).toBe(true);
    expect(isTimely(2_001, 1_500, 500)).toBe(false);
  });

  it("HEADER_COINBASE: each view has its own leader, and no other may propose in it", () => {
    const payouts = [4, 5, 6, 7].map((view) => {
      const match = PAYOUTS.find(
        (coinbase) => codeOf(changeHeader(good, { coinbase, extraData: extraData({ view }, good) })) === "ok",
      );
      return match;
    });
    expect(new Set(payouts)).toEqual(new Set(PAYOUTS));
  });
});

describe("a fast chain that nothing anchors", () => {
  it("BLOCK_UNANCHORED: makes only empty blocks, and goes on once its pointer has moved", async () => {
    const chain = await TestChain.create(SPEC);
    const { maxUnanchoredMs } = SPEC.preset;
    await chain.add({ afterMs: maxUnanchoredMs - 1 });
    const filled = await chain.build({ transactions: [aTransaction(0)], afterMs: 1 });
    if (!filled.ok) throw new Error(filled.error.message);
    expect(filled.value.block.transactions).toHaveLength(1);
    // The same block a millisecond later stands beyond the bound.
    const late = changeHeader(filled.value.block, {
      timestamp: filled.value.block.header.timestamp + 1,
    });
    const refused = chain.verify(late);
    expect(!refused.ok && refused.error.code).toBe("BLOCK_UNANCHORED");
    const empty = await chain.build({ transactions: [aTransaction(0)], afterMs: 2 });
    expect(empty.ok && empty.value.block.transactions).toEqual([]);
    const anchor = { number: 1, hash: chain.head.hash };
    await chain.add({ afterMs: 2, snailBlock: chain.snail.mine(anchor) });
    expect(isUnanchored(chain.head, chain.head.header.timestamp * 1000, SPEC.preset)).toBe(false);
    const on = await chain.add({ transactions: [aTransaction(0)] });
    expect(on.block.transactions).toHaveLength(1);
  });

  it("is not bound where the bound is switched off", async () => {
    const chain = await TestChain.create(aSpec({}, { maxUnanchoredMs: 0 }));
    const block = await chain.add({ transactions: [aTransaction(0)], afterMs: 10 ** 9 });
    expect(block.block.transactions).toHaveLength(1);
  });
});
