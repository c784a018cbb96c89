import { leaderOf } from "@festina/fastchain";
import { encodeFrame } from "@festina/network";
import { type Address, type Hash32, type Hex, OperationError, ZERO_HASH } from "@festina/primitives";
import {
  type Committee,
  encodeCertificate,
  encodePrePrepare,
  encodeVote,
  type PrePrepare,
  type Vote,
} from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { NodeWatch } from "../../src/check/nodeWatch.ts";

const hashOf = (byte: number): Hash32 => `0x${byte.toString(16).padStart(2, "0").repeat(32)}` as Hash32;
const OWNERS = ["owner-0", "owner-1", "owner-2", "owner-3"];
const COMMITTEE: Committee = {
  epoch: 0,
  members: OWNERS.map((owner) => ({
    address: owner as Address,
    payout: owner as Address,
    publicKey: "0x" as Hex,
    seats: 1,
  })),
};
/** Who leads in it follows from the committee. */
const VIEW = 3;
const LEADER = leaderOf(COMMITTEE, VIEW);
const NOTHING = new Uint8Array(0);

function aWatch(faulty: readonly number[] = []) {
  const watch = new NodeWatch({
    faulty: new Set(faulty),
    nowMs: () => 7,
    processOf: (name) => (OWNERS.includes(name) ? OWNERS.indexOf(name) : undefined),
  });
  const broken = (): readonly string[] => {
    watch.judgeVotes(() => COMMITTEE);
    return watch.violations.map(({ invariant }) => invariant);
  };
  const vote = (kind: Vote["kind"], blockHash: Hash32, member = 1, from = member): void => {
    const signed = { kind, epoch: 0, view: VIEW, blockHash, member, signature: new Uint8Array(16) };
    watch.onFrame(from, encodeFrame("vote", null, encodeVote(signed)));
  };
  const propose = (blockHash: Hash32, from: number): void => {
    const proposal: PrePrepare = {
      epoch: 0,
      view: VIEW,
      blockHash,
      height: 1,
      parentHash: hashOf(9),
      parentView: 0,
      parentCertificate: null,
      skips: [],
      reveal: NOTHING,
      envelope: NOTHING,
      signature: NOTHING,
    };
    watch.onFrame(from, encodeFrame("prePrepare", null, encodePrePrepare(proposal)));
  };
  const final = (process: number, number: number, hash: Hash32): void =>
    watch.onLog(process, "blockCommitted", { number, hash });
  return { watch, broken, vote, propose, final };
}

describe("what is heard of whole nodes", () => {
  it("is in order while everybody agrees, whoever passes votes on and however often", () => {
    const { watch, broken, vote, final } = aWatch();
    for (const process of [0, 1]) for (const number of [1, 2]) final(process, number, hashOf(number));
    watch.onLog(1, "ready", { head: 2 });
    for (const from of [1, 2]) for (const kind of ["prepare", "commit"] as const) vote(kind, hashOf(5), 1, from);
    for (const process of [0, 1]) watch.onLog(process, "handover", { epoch: 1, firstBlock: 3, seats: "25+75" });
    expect(broken()).toEqual([]);
    expect([watch.height, watch.lastFinalMs, watch.handovers]).toEqual([2, 7, 1]);
  });

  it("breaks I1 with two blocks at one height, and I5 with a height left out or taken back", () => {
    const { watch, broken, final } = aWatch([3]);
    final(0, 1, hashOf(1));
    final(1, 1, hashOf(2));
    expect(broken()).toEqual(["I1"]);
    final(0, 3, hashOf(3));
    watch.onLog(0, "ready", { head: 1 });
    expect(broken()).toEqual(["I1", "I5", "I5"]);
    // Written, and told to nobody before the process died: nothing is left out.
    watch.onLog(1, "chainOpened", { head: 2 });
    final(1, 3, hashOf(3));
    expect(broken()).toEqual(["I1", "I5", "I5"]);
    final(3, 1, hashOf(1));
    final(3, 2, hashOf(2));
    watch.onBoot(3);
    final(3, 1, hashOf(1));
    watch.onLog(3, "ready", { head: 0 });
    expect(broken()).toHaveLength(3);
  });

  it("breaks I4 with votes that contradict each other, unless their owner may", () => {
    const contradict = (faulty: readonly number[]): readonly string[] => {
      const { broken, vote } = aWatch(faulty);
      vote("prepare", hashOf(5));
      vote("prepare", hashOf(6));
      vote("commit", hashOf(5), 2);
      vote("viewChange", hashOf(0), 2);
      return broken();
    };
    expect(contradict([])).toEqual(["I4", "I4"]);
    expect(contradict([1])).toEqual(["I4"]);
    expect(contradict([1, 2])).toEqual([]);
  });

  it("breaks I4 with two proposals of a view, or a PREPARE of its leader for another block, whoever passes them on", () => {
    const { broken, propose } = aWatch();
    propose(hashOf(5), LEADER);
    propose(hashOf(5), (LEADER + 1) % 4);
    expect(broken()).toEqual([]);
    propose(hashOf(6), (LEADER + 2) % 4);
    expect(broken()).toEqual(["I4"]);
    const second = aWatch();
    second.propose(hashOf(5), LEADER);
    second.vote("prepare", hashOf(6), LEADER);
    expect(second.broken()).toEqual(["I4"]);
    const tolerated = aWatch([LEADER]);
    tolerated.propose(hashOf(5), LEADER);
    tolerated.propose(hashOf(6), (LEADER + 1) % 4);
    expect(tolerated.watch.judgeVotes(() => COMMITTEE)).toEqual(new Set([LEADER]));
    expect(tolerated.broken()).toEqual([]);
  });

  it("breaks I2 with a view that is COMMITTED and SKIPPED", () => {
    const { watch, broken } = aWatch();
    for (const kind of ["committed", "skipped"] as const) {
      const certificate = { kind, epoch: 0, view: 3, blockHash: kind === "skipped" ? ZERO_HASH : hashOf(5) };
      const whole = { ...certificate, signers: Uint8Array.of(7), signature: new Uint8Array(16) };
      expect(broken()).toEqual([]);
      watch.onFrame(0, encodeFrame("certificate", null, encodeCertificate(whole)));
    }
    expect(broken()).toEqual(["I2"]);
  });

  it("breaks I3 with two certificates of one view, I8 with two committees of one epoch", () => {
    const { watch, broken } = aWatch();
    for (const byte of [5, 6]) {
      const certificate = { kind: "prepared", epoch: 0, view: 3, blockHash: hashOf(byte) } as const;
      const whole = { ...certificate, signers: Uint8Array.of(7), signature: new Uint8Array(16) };
      watch.onFrame(0, encodeFrame("certificate", null, encodeCertificate(whole)));
      watch.onLog(0, "handover", { epoch: 1, firstBlock: byte, seats: "25+75" });
    }
    expect([...broken()].sort()).toEqual(["I3", "I8"]);
  });

  it("breaks I12 when somebody is accused who did not contradict itself, by a node or by the chain", () => {
    const { watch, broken, vote } = aWatch([2, 3]);
    vote("prepare", hashOf(5), 3);
    vote("prepare", hashOf(6), 3);
    watch.onLog(0, "evidence", { guilty: "owner-3" });
    watch.accuse("block 7", ["owner-3"]);
    // What the faulty say is their own affair.
    watch.onLog(2, "evidence", { guilty: "owner-0" });
    expect(broken()).toEqual([]);
    expect([...watch.accused]).toEqual([3]);
    watch.onLog(0, "evidence", { guilty: "owner-1 owner-2" });
    watch.accuse("block 8", ["owner-1"]);
    expect(broken()).toEqual(["I12", "I12"]);
    const second = aWatch();
    second.watch.onLog(1, "validatorSlashed", { number: 9, address: "owner-0" });
    expect([...second.watch.slashed]).toEqual([0]);
    expect(second.broken()).toEqual(["I12"]);
  });

  it("breaks I0 when a node gives up for another reason than its disk", () => {
    const { watch, broken } = aWatch([3]);
    watch.onFailure(0, new OperationError("STORE_WRITE_FAILED", "full"));
    watch.onFailure(3, new Error("the block is not there"));
    expect(broken()).toEqual([]);
    watch.onFailure(0, new Error("the block is not there"));
    expect(watch.violations[0]).toMatchObject({ invariant: "I0", what: "process 0 gives up: the block is not there" });
    expect(watch.failures).toHaveLength(3);
  });

  it("breaks I15 when somebody honest is banned, I13 when nothing follows", () => {
    const { watch, broken, final } = aWatch([3]);
    watch.onLog(0, "network.banned", { facts: JSON.stringify({ nodeId: "owner-3" }) });
    expect(broken()).toEqual([]);
    watch.onLog(0, "network.banned", { facts: JSON.stringify({ nodeId: "owner-2" }) });
    final(0, 1, hashOf(1));
    const stopped = (stoppedMs: number) => ({ stoppedMs, boundMs: 10, stoppedHeight: 1 });
    watch.judgeLiveness(stopped(6), [0], true);
    watch.judgeLiveness(stopped(8), [0], false);
    expect(broken()).toEqual(["I15"]);
    watch.judgeLiveness(stopped(8), [], true);
    expect([...broken()].sort()).toEqual(["I13", "I15"]);
    watch.judgeLiveness(stopped(6), [0, 1], true);
    expect(watch.violations.at(-1)?.what).toBe("process 1 is still at 0; 1 was final at 6 ms");
  });
});
