// Whole nodes: blocks with transactions go round as hashes, and who abuses that costs its own views and no more.
import { addressOfSecretKey } from "@festina/crypto";
import { encodeFrame, MESSAGES, type MessageType } from "@festina/network";
import type { Address } from "@festina/primitives";
import { decodeCompactPrePrepare, encodeCompactPrePrepare, signTransaction } from "@festina/types";
import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { encodeTransactionsRequest } from "../../../src/sync/compact/blockTransactions.ts";
import { aSpec, CommitteeNetwork, ETHER, OWNERS, PAYOUTS } from "../../committee/committee.ts";

jest.setTimeout(120_000);

const ALL = [0, 1, 2, 3] as const;
const numberOf = (type: MessageType): number => MESSAGES[type].number;
let committee: CommitteeNetwork;

/** Frames that left, by message, with their bytes. */
function tally(): (type: MessageType) => { frames: number; bytes: number } {
  const counts = new Map<number, { frames: number; bytes: number }>();
  const before = committee.change;
  committee.change = (from, frame) => {
    const sent = before(from, frame);
    for (const each of sent) {
      const count = counts.get(each[0] ?? 0) ?? { frames: 0, bytes: 0 };
      counts.set(each[0] ?? 0, { frames: count.frames + 1, bytes: count.bytes + each.length });
    }
    return sent;
  };
  return (type) => counts.get(numberOf(type)) ?? { frames: 0, bytes: 0 };
}

/** Not the owners', who have a duty that takes nonces of theirs. */
const PAYER_KEYS = [0x51, 0x52, 0x53, 0x54].map((byte) => new Uint8Array(32).fill(byte));
const PAYERS = PAYER_KEYS.map(addressOfSecretKey);
const SPEC = aSpec({
  genesisAccounts: [...OWNERS, ...PAYERS].map((address) => ({ address, balanceWei: 1_000n * ETHER })),
});
const nonces = PAYERS.map(() => 0n);

/** Each is handed so many transfers, and those of the awaited become final at all of these. */
async function transfer(each: number, awaited: readonly number[] = ALL): Promise<void> {
  for (const index of ALL)
    for (let count = 0; count < each; count++) {
      const nonce = nonces[index] as bigint;
      nonces[index] = nonce + 1n;
      const signed = signTransaction(
        {
          ...{ type: 0x02, chainId: 1_337n, nonce, gasLimit: 21_000n, to: PAYOUTS[0] as never, valueWei: 1n },
          ...{ maxFeePerGasWei: 10n ** 11n, maxPriorityFeePerGasWei: 1n, data: new Uint8Array(0) },
          ...{ accessList: [], authorizations: [], sponsorship: null },
        },
        PAYER_KEYS[index] as Uint8Array,
      );
      const submitted = await committee.node(index).backend.pool.submit(signed.encoded);
      if (!submitted.ok) throw new Error(`${submitted.error.code}: ${submitted.error.message}`);
    }
  const isFinal = (at: number): boolean => {
    const { chain, state } = committee.node(at).backend;
    return awaited.every((index) => state.nonce(PAYERS[index] as Address, chain.head()) === nonces[index]);
  };
  await committee.until("all transfers are final", () => awaited.every(isFinal), 120_000);
}

async function begin(plain: readonly number[] = []): Promise<void> {
  nonces.fill(0n);
  committee = new CommitteeNetwork(SPEC);
  for (const index of plain) committee.plain.add(index);
  await committee.start(...ALL);
  await committee.until("blocks are final", () => committee.height() >= 2);
}

afterEach(async () => {
  expect(committee.events("fatal")).toEqual([]);
  for (const index of ALL)
    try {
      expect(committee.node(index).held()["waitingProposals"]).toBeLessThanOrEqual(8);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes("does not run")) throw error;
    }
  await committee.stopAll();
});

describe("a committee under load", () => {
  it("proposes by hashes; who has restarted keeps up; nobody skips a view", async () => {
    await begin();
    const sent = tally();
    await transfer(15);
    const compact = sent("compactPrePrepare");
    expect(compact.frames).toBeGreaterThan(0);
    await committee.stop(3);
    await committee.start(3);
    const skipped = committee.events("viewSkipped").length;
    await transfer(10);
    expect(committee.events("viewSkipped")).toHaveLength(skipped);
    expect(committee.events("proposalRefused")).toEqual([]);
  });

  it("gives whole proposals to who knows no others", async () => {
    await begin([3]);
    const sent = tally();
    const before = sent("compactPrePrepare").frames;
    committee.change = ((change) => (from, frame) => {
      if (from === 3) expect(frame[0]).not.toBe(numberOf("compactPrePrepare"));
      return change(from, frame);
    })(committee.change);
    await transfer(10);
    expect(sent("compactPrePrepare").frames).toBeGreaterThan(before);
    expect(sent("prePrepare").frames).toBeGreaterThan(0);
    expect(committee.events("viewSkipped")).toEqual([]);
  });
});

describe("a dishonest leader", () => {
  const SUPPLY: ReadonlySet<number | undefined> = new Set(
    (["blockTransactions", "requestedBlock", "prePrepare"] as const).map(numberOf),
  );

  /** Its proposals name what nobody has, and it gives neither that nor the block; its empty blocks it keeps, too. */
  function withhold(from: number, frame: Uint8Array): readonly Uint8Array[] {
    if (from !== 0) return [frame];
    if (SUPPLY.has(frame[0])) return [];
    if (frame[0] !== numberOf("compactPrePrepare")) return [frame];
    const compact = decodeCompactPrePrepare(frame.subarray(1));
    if (!compact.ok) throw new Error("it sends what decodes");
    const hashes = compact.value.hashes.map((byte) => byte ^ 1);
    return [encodeFrame("compactPrePrepare", null, encodeCompactPrePrepare({ ...compact.value, hashes }))];
  }

  it("that withholds transactions costs its own views and no others", async () => {
    await begin();
    committee.change = withhold;
    const sent = tally();
    const begunMs = committee.clock.nowMs();
    for (let round = 0; round < 6; round++) await transfer(4, [1, 2, 3]);
    const seats = committee.node(1).backend.committee;
    const skipped = committee.events("viewSkipped");
    expect(skipped.length).toBeGreaterThan(0);
    expect(sent("compactPrePrepare").frames).toBeGreaterThan(0);
    expect(sent("getBlockTransactions").frames).toBeGreaterThan(0);
    expect(seats.slashed()).toEqual([]);
    for (const { facts } of skipped) expect(facts["leader"]).toBe(OWNERS[0]);
    // Twice the time-out of a view for each turn that it had, and what the others took.
    expect(committee.clock.nowMs() - begunMs).toBeLessThan(60_000);
  });

  it("that answers with other transactions is cut off, and the rest go on", async () => {
    await begin();
    committee.change = (from, frame) => {
      if (from === 0 && frame[0] === numberOf("blockTransactions")) {
        const wrong = frame.slice();
        wrong[wrong.length - 1] = (wrong[wrong.length - 1] as number) ^ 1;
        return [wrong];
      }
      // What it was handed it gives nobody, as a line that breaks would, and thinks that they have it.
      if (frame[0] === numberOf("transactions") && from === 0) return [];
      return [frame];
    };
    const sent = tally();
    for (let round = 0; round < 4; round++) await transfer(4, [1, 2, 3]);
    expect(sent("blockTransactions").frames).toBeGreaterThan(0);
    const skipped = committee.events("viewSkipped");
    for (const { facts } of skipped) expect(facts["leader"]).toBe(OWNERS[0]);
  });
});

describe("a stranger", () => {
  it("that floods with questions and made-up proposals is refused by code, and stops nobody", async () => {
    await begin();
    const stranger = await committee.stranger();
    const refusals: unknown[] = [];
    let open = 0;
    const places = Array.from({ length: 20_000 }, (_, index) => index);
    const question = encodeTransactionsRequest({ blockHash: committee.genesisHash, places });
    for (let round = 0; round < 200; round++) {
      for (const { nodeId } of stranger.peers()) {
        open += 1;
        void stranger.request(nodeId, "getBlockTransactions", question, 1_000).then((answer) => {
          open -= 1;
          if (!answer.ok) refusals.push(answer.error.facts?.["reason"] ?? answer.error.code);
        });
        stranger.send(nodeId, "compactPrePrepare", new Uint8Array(64).fill(round));
      }
    }
    await transfer(5);
    await committee.until("all questions are answered", () => open === 0);
    expect(new Set(refusals).size).toBeGreaterThan(0);
    for (const refusal of refusals)
      expect(["NOT_FOUND", "BUSY", "TOO_MANY_REQUESTS", "PEER_GONE", "PEER_UNKNOWN"]).toContain(refusal);
    expect(committee.events("viewSkipped")).toEqual([]);
    expect(stranger.peers()).toEqual([]);
  });
});
