// One member's core, fed by hand: for tests of single rules.
import { keccakHash, type SigningContext, signingMessage } from "@festina/crypto";
import { type Address, asciiToBytes, bytesToHex, type Hash32, ZERO_HASH } from "@festina/primitives";
import type { Certificate, CertificateKind, Committee, PrePrepare, Vote, VoteKind } from "@festina/types";
import {
  BftCore,
  type BftEffect,
  type BftInput,
  type BftTiming,
  checkSigning,
  EMPTY_SIGNING_RECORD,
  joinVotes,
  leaderOf,
  type SigningRecord,
  type TimerName,
  voteMessage,
} from "../../src/index.ts";
import { mockSuite } from "./mockSuite.ts";
import { TIMING } from "./network.ts";

export const BASE = keccakHash(asciiToBytes("base"));
export const CONTEXT: SigningContext = { chainId: 5n, genesisHash: BASE, epoch: 1 };
export const hashOf = (name: string): Hash32 => keccakHash(asciiToBytes(name));

type Untimed<T> = T extends { readonly nowMs: number } ? Omit<T, "nowMs"> : never;
export type Effect<K extends BftEffect["kind"]> = Extract<BftEffect, { readonly kind: K }>;

const VOTE_OF: Record<CertificateKind, VoteKind> = { prepared: "prepare", committed: "commit", skipped: "viewChange" };

export interface MemberOptions {
  readonly own?: number | null;
  readonly seats?: readonly number[];
  readonly timing?: Partial<BftTiming>;
  readonly record?: SigningRecord;
}

const secretOf = (member: number): Uint8Array => new Uint8Array(32).fill(member + 1);

/** Member 3 of four equal ones unless told otherwise; leads views 3, 7, 11, ... as `view % 4` leads each view. */
export class Member {
  readonly committee: Committee;
  readonly core: BftCore;
  readonly own: number | null;
  record: SigningRecord;
  effects: BftEffect[] = [];
  nowMs = 0;
  /** Signing requests are answered at once. */
  isSigning = true;

  constructor({ own = 3, seats = [1, 1, 1, 1], timing = {}, record = EMPTY_SIGNING_RECORD }: MemberOptions = {}) {
    const address = (index: number): Address => `0x${(index + 1).toString(16).padStart(40, "0")}` as Address;
    this.own = own;
    this.record = record;
    this.committee = {
      epoch: 1,
      members: seats.map((weight, index) => ({
        address: address(index),
        payout: address(index),
        publicKey: bytesToHex(secretOf(index)),
        seats: weight,
      })),
    };
    this.core = new BftCore({
      context: CONTEXT,
      committee: this.committee,
      suite: mockSuite,
      timing: { ...TIMING, ...timing },
      ownMember: own,
      committed: { hash: BASE, height: 0, view: 0, certificate: null },
      record,
    });
    this.feed({ kind: "started" });
  }

  /** Gives what this input caused, signatures and what followed from them included. */
  feed(input: Untimed<BftInput>): readonly BftEffect[] {
    const caused: BftEffect[] = [];
    for (const effect of this.core.step({ ...input, nowMs: this.nowMs } as BftInput)) {
      caused.push(effect);
      this.effects.push(effect);
      if (effect.kind === "sign" && this.isSigning) caused.push(...this.answerSign(effect));
    }
    return caused;
  }

  answerSign({ request }: Effect<"sign">): readonly BftEffect[] {
    const allowed = checkSigning(this.record, request);
    if (!allowed.ok) throw new Error(allowed.error.message);
    this.record = allowed.value;
    const hash = request.kind === "viewChange" ? ZERO_HASH : request.blockHash;
    const signature = this.sign(this.own ?? 0, request.kind, request.view, hash);
    return this.feed({ kind: "signed", request, signature });
  }

  sign(member: number, kind: VoteKind | "prePrepare", view: number, blockHash: Hash32): Uint8Array {
    const message =
      kind === "prePrepare"
        ? signingMessage(CONTEXT, "prePrepare", view, blockHash)
        : voteMessage(CONTEXT, kind, view, blockHash);
    return mockSuite.sign(secretOf(member), message);
  }

  makeVote(member: number, kind: VoteKind, view: number, blockHash: Hash32 = ZERO_HASH): Vote {
    return { kind, epoch: 1, view, blockHash, member, signature: this.sign(member, kind, view, blockHash) };
  }

  vote(member: number, kind: VoteKind, view: number, blockHash: Hash32 = ZERO_HASH): readonly BftEffect[] {
    return this.feed({ kind: "voteReceived", vote: this.makeVote(member, kind, view, blockHash), from: `${member}` });
  }

  makeCertificate(kind: CertificateKind, view: number, blockHash = ZERO_HASH, signers = [0, 1, 2]): Certificate {
    const votes = signers.map((member) => this.makeVote(member, VOTE_OF[kind], view, blockHash));
    const certificate = joinVotes(votes, mockSuite);
    if (certificate === null) throw new Error("mock signatures join");
    return certificate;
  }

  certificate(kind: CertificateKind, view: number, blockHash = ZERO_HASH, signers = [0, 1, 2]): readonly BftEffect[] {
    const certificate = this.makeCertificate(kind, view, blockHash, signers);
    return this.feed({ kind: "certificateReceived", certificate, from: "peer" });
  }

  makeProposal(view: number, name: string, changes: Partial<PrePrepare> = {}): PrePrepare {
    const blockHash = hashOf(name);
    return {
      epoch: 1,
      view,
      blockHash,
      height: 1,
      parentHash: BASE,
      parentView: 0,
      parentCertificate: null,
      skips:
        changes.skips ?? Array.from({ length: view - 1 }, (_, index) => this.makeCertificate("skipped", index + 1)),
      reveal: new Uint8Array(1),
      envelope: asciiToBytes(name),
      signature: this.sign(leaderOf(this.committee, view), "prePrepare", view, blockHash),
      ...changes,
    };
  }

  propose(message: PrePrepare, from = "leader", isFromLeader = false): readonly BftEffect[] {
    return this.feed({ kind: "prePrepareReceived", message, from, isFromLeader });
  }

  judge(message: PrePrepare, verdict: "valid" | "invalid" | "garbled" | "unavailable"): readonly BftEffect[] {
    const { view, blockHash } = message;
    return this.feed({ kind: "proposalChecked", view, blockHash, verdict, isBoundary: false });
  }

  execute(blockHash: Hash32, verdict: "valid" | "invalid" | "unavailable" = "valid", isBoundary = false) {
    return this.feed({ kind: "blockExecuted", blockHash, verdict, isBoundary });
  }

  elapse(timer: TimerName, afterMs: number, view = this.core.view): readonly BftEffect[] {
    this.nowMs += afterMs;
    return this.feed({ kind: "timerElapsed", timer, view });
  }

  /** A first block on the base: proposed in `view`, found valid and executed. */
  accept(view: number, name: string, changes: Partial<PrePrepare> = {}): Hash32 {
    const message = this.makeProposal(view, name, changes);
    this.propose(message);
    this.judge(message, "valid");
    this.execute(message.blockHash);
    return message.blockHash;
  }
}

export function only<K extends BftEffect["kind"]>(effects: readonly BftEffect[], kind: K): readonly Effect<K>[] {
  return effects.filter((effect): effect is Effect<K> => effect.kind === kind);
}

/** What was asked to be signed, as "kind view". */
export const signed = (effects: readonly BftEffect[]): readonly string[] =>
  only(effects, "sign").map(({ request }) => `${request.kind} ${request.view}`);
