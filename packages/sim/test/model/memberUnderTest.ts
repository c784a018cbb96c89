// The production core of one member with a host that has every block and answers at once.
import { type SigningContext, signingMessage } from "@festina/crypto";
import {
  BftCore,
  type BftEffect,
  type BftInput,
  type CommittedPoint,
  EMPTY_SIGNING_RECORD,
  joinVotes,
  RecordKeeper,
  type SignedRequest,
  type SigningRecord,
  voteMessage,
} from "@festina/fastchain";
import { bytesToHex, type Hash32, ZERO_HASH } from "@festina/primitives";
import type { Certificate, Committee, PrePrepare, Vote, VoteKind } from "@festina/types";
import { addressOfMember, GENESIS_HASH } from "../../src/core/committees.ts";
import { createTwinsSuite } from "../../src/twins/twinsSuite.ts";
import { groundOf, MEMBERS, OWN, type Proposal, type Shown, type VotingModel } from "./votingModel.ts";

const EMPTY = new Uint8Array(0);
const KEY_BYTES = 32;
const TIMING = { heartbeatMs: 0, minBlockIntervalMs: 0, deltaMs: 100, deltaMsMax: 1_000, executionBudgetMs: 0 };

export class MemberUnderTest {
  core: BftCore;
  readonly accused = new Set<number>();
  signed: string[] = [];
  readonly #model: VotingModel;
  readonly #suite = createTwinsSuite();
  readonly #context: SigningContext = { chainId: 1n, genesisHash: GENESIS_HASH, epoch: 1 };
  readonly #keys = Array.from({ length: MEMBERS }, (_, member) => new Uint8Array(KEY_BYTES).fill(member + 1));
  readonly #committee: Committee;
  /** What outlives the process. */
  readonly #disk = {
    current: EMPTY_SIGNING_RECORD,
    save: (record: SigningRecord): void => {
      this.#disk.current = record;
    },
    reserve: (record: SigningRecord): void => this.#disk.save(record),
  };
  #keeper = new RecordKeeper(this.#disk);
  #committed: CommittedPoint = { hash: GENESIS_HASH, height: 0, view: 0, certificate: null };
  readonly #inbox: BftInput[] = [];
  #isDraining = false;

  constructor(model: VotingModel) {
    this.#model = model;
    this.#committee = {
      epoch: 1,
      members: this.#keys.map((key, index) => {
        const address = addressOfMember(index);
        return { address, payout: address, publicKey: bytesToHex(key), seats: 1 };
      }),
    };
    this.core = this.#createCore();
    this.#start();
  }

  #createCore(): BftCore {
    return new BftCore({
      context: this.#context,
      committee: this.#committee,
      suite: this.#suite,
      timing: TIMING,
      ownMember: OWN,
      committed: this.#committed,
      record: this.#keeper.record,
    });
  }

  #start(): void {
    this.feed({ kind: "started", nowMs: 0 });
    this.feed({ kind: "workChanged", hasWork: true, nowMs: 0 });
  }

  restart(): void {
    this.#keeper = new RecordKeeper(this.#disk);
    this.core = this.#createCore();
    this.#start();
  }

  feed(input: BftInput): void {
    this.#inbox.push(input);
    if (this.#isDraining) return;
    this.#isDraining = true;
    for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift())
      for (const effect of this.core.step(next)) this.#run(effect);
    this.#isDraining = false;
  }

  #run(effect: BftEffect): void {
    const nowMs = 0;
    switch (effect.kind) {
      case "buildProposal": {
        const again = effect.repropose === null ? undefined : this.#model.blocks.get(effect.repropose);
        const block = again ?? this.#model.ownBlock(effect.view, effect.parentHash);
        const { hash: blockHash, parentHash, height } = block;
        const isBoundary = this.#model.isBoundary(blockHash);
        const proposal = { blockHash, parentHash, height, envelope: EMPTY, reveal: EMPTY, isBoundary };
        return this.feed({ kind: "proposalBuilt", view: effect.view, proposal, nowMs });
      }
      case "checkProposal": {
        const { view, blockHash } = effect.message;
        const isBoundary = this.#model.isBoundary(blockHash);
        return this.feed({ kind: "proposalChecked", view, blockHash, verdict: "valid", isBoundary, nowMs });
      }
      case "executeBlock": {
        const { blockHash } = effect;
        const isBoundary = this.#model.isBoundary(blockHash);
        const verdict = this.#model.blocks.get(blockHash)?.isTrue ? "valid" : "invalid";
        return this.feed({ kind: "blockExecuted", blockHash, verdict, isBoundary, nowMs });
      }
      case "requestBlock": {
        const block = this.#model.blocks.get(effect.blockHash);
        if (block === undefined) throw new Error(`nobody has block ${effect.blockHash}`);
        const { hash: blockHash, parentHash, height } = block;
        return this.feed({ kind: "blockFetched", blockHash, parentHash, height, nowMs });
      }
      case "sign":
        return this.#sign(effect.request);
      case "commitBlock": {
        const { blockHash: hash, height, certificate } = effect;
        this.#committed = { hash, height, view: certificate.view, certificate };
        return;
      }
      case "misbehaviourSeen":
        if (effect.evidence.kind === "statements") this.accused.add(effect.evidence.member);
        else this.accused.add(-1);
        return;
      default:
    }
  }

  #sign(request: SignedRequest): void {
    const { kind, view } = request;
    const hash = kind === "viewChange" ? null : request.blockHash;
    this.signed.push(`${kind} ${view} ${hash ?? "-"}`);
    if (!this.#keeper.admit(request).ok) return;
    this.feed({ kind: "signed", request, signature: this.#signatureOf(OWN, kind, view, hash), nowMs: 0 });
  }

  #signatureOf(member: number, kind: SignedRequest["kind"], view: number, hash: Hash32 | null): Uint8Array {
    const key = this.#keys[member] as Uint8Array;
    if (kind === "prePrepare") return this.#suite.sign(key, signingMessage(this.#context, kind, view, hash));
    return this.#suite.sign(key, voteMessage(this.#context, kind, view, hash ?? ZERO_HASH));
  }

  vote(member: number, kind: VoteKind, view: number, hash: Hash32 | null): Vote {
    return {
      kind,
      epoch: 1,
      view,
      blockHash: hash ?? ZERO_HASH,
      member,
      signature: this.#signatureOf(member, kind, view, hash),
    };
  }

  /** `null` while there is no quorum for it in the world. */
  certificate(kind: VoteKind, view: number, hash: Hash32 | null): Certificate | null {
    const voters = this.#model.quorum(kind, view, hash);
    return voters === null
      ? null
      : joinVotes(
          voters.map((member) => this.vote(member, kind, view, hash)),
          this.#suite,
        );
  }

  prePrepare(proposal: Proposal, shown: Shown, signer: number): PrePrepare {
    const { view, block, parentView } = proposal;
    const isCertified = shown.hasParent && parentView > 0;
    return {
      epoch: 1,
      view,
      blockHash: block.hash,
      height: block.height,
      parentHash: block.parentHash,
      parentView,
      parentCertificate: isCertified ? this.#existing("prepare", parentView, groundOf(proposal)) : null,
      skips: shown.skips.map((at) => this.#existing("viewChange", at, null)),
      reveal: EMPTY,
      envelope: EMPTY,
      signature: this.#signatureOf(signer, "prePrepare", view, block.hash),
    };
  }

  #existing(kind: VoteKind, view: number, hash: Hash32 | null): Certificate {
    const certificate = this.certificate(kind, view, hash);
    if (certificate === null) throw new Error(`no quorum for ${kind} in view ${view}`);
    return certificate;
  }

  commitFromOutside(certificate: Certificate): void {
    const { blockHash: hash, view } = certificate;
    const height = this.#model.blocks.get(hash)?.height ?? 0;
    if (height > this.#committed.height) this.#committed = { hash, height, view, certificate };
    this.feed({ kind: "committedExternally", certificate, height, nowMs: 0 });
  }
}
