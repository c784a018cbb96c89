// Two epochs in which one member is absent, one breaks the rules, and two do their work.
import { encodeUnjail, VALIDATOR_REGISTRY } from "@festina/contracts";
import type { Address } from "@festina/primitives";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { readCandidates, toBlockContext, totalSupplyWei } from "../../src/index.ts";
import { changeRequests } from "../block/changeBlock.ts";
import { TestChain } from "../chain/aChain.ts";
import { aSpec, OWNER_KEYS, OWNERS, PAYOUTS } from "../chain/members.ts";
import { aTransaction } from "../chain/transactions.ts";
import { doubleVote } from "./guilt.ts";

const WINDOW_SECONDS = 60;
const SPEC = aSpec({ evidenceWindowSeconds: WINDOW_SECONDS });
const [, CHEAT, , ABSENT] = OWNERS;

/** One more snail block with fruits for everybody, and a fast block that points to it, signed by all but the absent. */
async function advance(chain: TestChain, wish: Parameters<TestChain["add"]>[0] = {}): Promise<void> {
  const { number } = chain.head.header;
  const { committee } = number === 0 ? chain.head : chain.hybridAt(number - 1);
  const present = committee.members.flatMap(({ address }, index) => (address === ABSENT ? [] : [index]));
  const certificate = number > chain.head.certifiedNumber ? chain.certificateFor(number, present) : null;
  const fruits = OWNERS.map((owner) => chain.snail.fruit(owner));
  const snailBlock = chain.snail.mine({ number, hash: chain.head.hash }, fruits);
  await chain.add({ snailBlock, certificate, ...wish });
}

async function jailed(chain: TestChain): Promise<boolean> {
  const { states, head, environment, ancestry } = chain;
  const block = toBlockContext(head.header, SPEC, ancestry);
  const candidates = await readCandidates(
    states.open(head.header.stateRoot),
    block,
    environment.engine,
    environment.suite,
  );
  return candidates.find(({ address }) => address === ABSENT)?.isLeaving ?? false;
}

describe("a committee with an absent member and a cheat", () => {
  let chain: TestChain;

  const supplyHolds = () => expect(chain.sumOfBalances()).toBe(totalSupplyWei(chain.head.supply));
  const members = (): readonly Address[] => chain.head.committee.members.map(({ address }) => address);

  beforeAll(async () => {
    chain = await TestChain.create(SPEC);
    await advance(chain);
  });

  it("jails the absent after three unpaid payouts in a row, and takes nothing from it", async () => {
    const registryWei = chain.balanceOf(VALIDATOR_REGISTRY);
    for (let payout = 1; payout <= 3; payout++) {
      expect(await jailed(chain)).toBe(false);
      await advance(chain);
      expect(chain.head.absences).toEqual(new Map([[ABSENT, payout]]));
    }
    expect(await jailed(chain)).toBe(true);
    expect(chain.balanceOf(VALIDATOR_REGISTRY)).toBe(registryWei);
    expect(chain.balanceOf(PAYOUTS[3])).toBeGreaterThan(0n);
    supplyHolds();
  });

  it("gives neither of them a seat in the next epoch", async () => {
    await advance(chain, { evidence: [doubleVote(1, chain.head.committee, chain.signing)] });
    while (chain.head.committee.epoch === 0) await advance(chain, { afterMs: 600 });
    expect([...members()].sort()).toEqual([OWNERS[0], OWNERS[2]].sort());
    expect(chain.head.slashed).toEqual([{ address: CHEAT, untilEpoch: 0 }]);
    supplyHolds();
  });

  it("seats the absent again when its owner asked back", async () => {
    const unjail = aTransaction(0, { to: VALIDATOR_REGISTRY, data: encodeUnjail() }, OWNER_KEYS[3]);
    await advance(chain, { transactions: [unjail] });
    expect(chain.refusals).toEqual([]);
    expect(await jailed(chain)).toBe(false);
  });

  it("takes evidence of the last epoch inside the window, and none after it", async () => {
    const before = chain.hybridAt(0).committee;
    const late = doubleVote(0, before, chain.signing);
    const atMs = (ms: number) => chain.build({ evidence: [late], afterMs: ms });
    const inside = await atMs((WINDOW_SECONDS - 5) * 1000);
    const outside = await atMs((WINDOW_SECONDS + 5) * 1000);
    if (!inside.ok || !outside.ok) throw new Error("blocks are built");
    expect(inside.value.block.requests.evidence).toEqual([late]);
    expect(outside.value.block.requests.evidence).toEqual([]);
    const expired = chain.verify(changeRequests(outside.value.block, { evidence: [late] }));
    expect(expired.ok ? "" : expired.error.code).toBe("EVIDENCE_EXPIRED");
  });

  it("forgets the slashed when no evidence of their time counts any more", async () => {
    await advance(chain, { afterMs: WINDOW_SECONDS * 1000 });
    while (chain.head.committee.epoch === 1) await advance(chain, { afterMs: 600 });
    expect(chain.head.slashed).toEqual([]);
    supplyHolds();
    // The registry does not forget.
    expect(members()).not.toContain(CHEAT);
  });
});
