// Evidence in blocks: what it costs the guilty, what it gives the reporter, and what may not stand in a block.
import { decodeCandidate, VALIDATOR_REGISTRY, VALIDATOR_REGISTRY_SELECTORS } from "@festina/contracts";
import { type Address, concatBytes, hexToBytes } from "@festina/primitives";
import { systemCall } from "@festina/tvm";
import type { Evidence } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { encodeHybridState, toBlockContext, totalSupplyWei } from "../../src/index.ts";
import { changeRequests } from "../block/changeBlock.ts";
import { TestChain } from "../chain/aChain.ts";
import { aSpec, ETHER, OWNERS, PAYOUTS } from "../chain/members.ts";
import { doubleCommit, doubleVote } from "./guilt.ts";

const SPEC = aSpec({}, { electionWindowBlocks: 100 });
const DEPOSIT_WEI = 100n * 100n * ETHER;

async function askRegistry(chain: TestChain, owner: Address) {
  const { states, head, environment, ancestry } = chain;
  const answer = await systemCall({
    to: VALIDATOR_REGISTRY,
    data: concatBytes(hexToBytes(VALIDATOR_REGISTRY_SELECTORS.validator), new Uint8Array(12), hexToBytes(owner)),
    view: states.open(head.header.stateRoot),
    block: toBlockContext(head.header, SPEC, ancestry),
    engine: environment.engine,
  });
  const decoded = decodeCandidate(answer.kind === "success" ? answer.output : new Uint8Array(0));
  if (!decoded.ok) throw new Error(decoded.error.message);
  return decoded.value;
}

async function aChainWith(evidence: (chain: TestChain) => readonly Evidence[]): Promise<TestChain> {
  const chain = await TestChain.create(SPEC);
  await chain.add({ evidence: evidence(chain) });
  return chain;
}

const expectSupply = (chain: TestChain) => expect(chain.sumOfBalances()).toBe(totalSupplyWei(chain.head.supply));

describe("evidence in a block", () => {
  it("takes the whole deposit: a twentieth to the proposer's payout, the rest burned; nobody else loses anything", async () => {
    const chain = await aChainWith(({ head, signing }) => [doubleVote(2, head.committee, signing)]);
    expect(await askRegistry(chain, OWNERS[2])).toMatchObject({ slashed: true, depositWei: 0n, seatVoid: true });
    for (const owner of [OWNERS[0], OWNERS[1], OWNERS[3]])
      expect(await askRegistry(chain, owner)).toMatchObject({ slashed: false, depositWei: DEPOSIT_WEI });
    expect(chain.head.supply.slashBurnedWei).toBe((DEPOSIT_WEI * 95n) / 100n);
    expect(chain.balanceOf(chain.head.header.coinbase)).toBe((DEPOSIT_WEI * 5n) / 100n);
    expect(chain.balanceOf(VALIDATOR_REGISTRY)).toBe(3n * DEPOSIT_WEI);
    expect(chain.head.slashed).toEqual([{ address: OWNERS[2], untilEpoch: 0 }]);
    expectSupply(chain);
  });

  it("is verified and carried out alike by voters and followers", async () => {
    const chain = await aChainWith(({ head, signing }) => [doubleCommit(head.committee, signing)]);
    expect(chain.head.slashed.map(({ address }) => address)).toEqual([OWNERS[1], OWNERS[2]]);
    expectSupply(chain);
    for (const trust of ["proposed", "committed"] as const) {
      const other = await TestChain.create(SPEC);
      const taken = await other.take(chain.entries[1]?.block as never, trust);
      expect(taken.ok).toBe(true);
      expect(encodeHybridState(other.head)).toEqual(encodeHybridState(chain.head));
    }
  });

  it("pays nobody when the proposer itself is convicted", async () => {
    // View 1 is led by member 0.
    const chain = await aChainWith(({ head, signing }) => [
      doubleVote(0, head.committee, signing),
      doubleVote(1, head.committee, signing),
    ]);
    expect(chain.head.header.coinbase).toBe(PAYOUTS[0]);
    expect(chain.head.supply.slashBurnedWei).toBe(2n * DEPOSIT_WEI);
    expect(chain.balanceOf(PAYOUTS[0])).toBe(0n);
    expectSupply(chain);
  });

  it("is carried once: builders leave out what convicts nobody new, and voters refuse it", async () => {
    const chain = await aChainWith(({ head, signing }) => [
      doubleVote(2, head.committee, signing),
      doubleVote(2, head.committee, signing, 5),
      doubleVote(2, head.committee, signing, 1, "commit"),
    ]);
    expect(chain.entries[1]?.block.requests.evidence).toHaveLength(1);
    const again = doubleVote(2, chain.head.committee, chain.signing, 9);
    const built = await chain.build({ evidence: [again, doubleCommit(chain.head.committee, chain.signing)] });
    if (!built.ok) throw new Error(built.error.message);
    // The pair of certificates convicts one more.
    expect(built.value.block.requests.evidence).toHaveLength(1);
    expect(built.value.hybrid.slashed.map(({ address }) => address)).toEqual([OWNERS[2], OWNERS[1]]);
    const { evidence } = built.value.block.requests;
    for (const carried of [[again], [...evidence, again], [...evidence, ...evidence]]) {
      const refused = chain.verify(changeRequests(built.value.block, { evidence: carried }));
      expect(refused.ok ? "" : refused.error.code).toBe("EVIDENCE_REPEATED");
    }
  });

  it("must be proven, and of an epoch that has begun", async () => {
    const chain = await TestChain.create(SPEC);
    const { committee } = chain.head;
    const empty = await chain.build();
    if (!empty.ok) throw new Error(empty.error.message);
    const forged = doubleVote(2, committee, { ...chain.signing, chainId: 7n });
    const early = doubleVote(2, { ...committee, epoch: 1 }, chain.signing);
    const codes = [forged, early].map((evidence) => {
      const verified = chain.verify(changeRequests(empty.value.block, { evidence: [evidence] }));
      return verified.ok ? "" : verified.error.code;
    });
    expect(codes).toEqual(["EVIDENCE_SIGNATURE", "EVIDENCE_EPOCH_UNKNOWN"]);
    const built = await chain.build({ evidence: [forged, early] });
    expect(built.ok && built.value.block.requests.evidence).toEqual([]);
  });

  it("is under the state root: the same block without it is refused", async () => {
    const chain = await TestChain.create(SPEC);
    const built = await chain.build({ evidence: [doubleVote(2, chain.head.committee, chain.signing)] });
    if (!built.ok) throw new Error(built.error.message);
    // The state root is that of the slashed state: without the evidence it is wrong.
    const refused = await chain.take(changeRequests(built.value.block, { evidence: [] }));
    expect(refused.ok ? "" : refused.error.code).toBe("EXECUTION_STATE_ROOT");
  });
});
