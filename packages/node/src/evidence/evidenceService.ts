import {
  type EvidenceRuleCode,
  type ExecutedBlock,
  type HybridState,
  hybridTimeMs,
  isEpochPunishable,
  judgeEvidence,
  newlyJailed,
} from "@festina/fastchain";
import { fail, type Hash32, ok, type Result } from "@festina/primitives";
import { EvidenceStore, type KeyValueStore } from "@festina/storage";
import { decodeEvidence, type Evidence, encodeEvidence, evidenceEpoch, hashEvidence } from "@festina/types";
import type { FastChain } from "../chain/fastChain.ts";
import type { Log } from "../log.ts";
import { EvidencePool, type PooledEvidence } from "./evidencePool.ts";

/** How evidence reaches other nodes. */
export interface EvidenceNetwork {
  broadcastEvidence(evidence: Evidence, except: string): void;
  sendEvidence(to: string, evidence: Evidence): void;
  penalise(peer: string): void;
}

export interface EvidenceOptions {
  readonly chain: FastChain;
  readonly store: KeyValueStore;
  readonly network: EvidenceNetwork;
  readonly log: Log;
  /** The pool has changed: there may be work for the proposer. */
  readonly onChanged: () => void;
  readonly onFatal: (error: unknown) => void;
}

type EvidenceTakingCode = EvidenceRuleCode | "EVIDENCE_TOO_LARGE" | "EVIDENCE_ENOUGH";

/** Refusals that only a liar or a broken node can have caused; what is late, early or repeated says nothing. */
const LIES: ReadonlySet<EvidenceTakingCode> = new Set(["EVIDENCE_MEMBER", "EVIDENCE_SIGNATURE"]);
/** Room for what a block can carry twice over; larger pieces would never leave the pool. */
const PIECE_BYTES_MAX = 48 * 1024;
const LOADED_MAX = 1_024;

/** Takes evidence in from consensus and peers, keeps it on disk, passes it on, and offers it to the proposer. */
export class EvidenceService {
  readonly #options: EvidenceOptions;
  readonly #store: EvidenceStore;
  readonly #pool = new EvidencePool();

  constructor(options: EvidenceOptions) {
    this.#options = options;
    this.#store = new EvidenceStore(options.store);
  }

  /** What waited when the node stopped. */
  async load(): Promise<void> {
    for (const encoded of await this.#store.all(LOADED_MAX)) {
      const evidence = decodeEvidence(encoded);
      const judged = evidence.ok ? this.#judge(evidence.value) : evidence;
      if (evidence.ok && judged.ok)
        this.#pool.add({ hash: hashEvidence(evidence.value), evidence: evidence.value, guilty: judged.value });
    }
  }

  /** From our own consensus (`from` is empty) or a peer. */
  receive(evidence: Evidence, from: string): void {
    const { network, log } = this.#options;
    const taken = this.#take(evidence, from);
    if (taken.ok) return;
    const { code, message } = taken.error;
    log.debug("evidenceRefused", { code, message, from });
    if (from !== "" && LIES.has(code)) network.penalise(from);
  }

  /** From whoever asks this node to report somebody. Answers with the hash. */
  submit(encoded: Uint8Array): Result<Hash32> {
    const evidence = decodeEvidence(encoded);
    return evidence.ok ? this.#take(evidence.value, "") : evidence;
  }

  /** What is new goes to disk and to everybody else. */
  #take(evidence: Evidence, from: string): Result<Hash32, EvidenceTakingCode> {
    const { network, log, onChanged, onFatal } = this.#options;
    const hash = hashEvidence(evidence);
    if (this.#pool.has(hash)) return ok(hash);
    const encoded = encodeEvidence(evidence);
    if (encoded.length > PIECE_BYTES_MAX) return fail("EVIDENCE_TOO_LARGE", `more than ${PIECE_BYTES_MAX} bytes`);
    const judged = this.#judge(evidence);
    if (!judged.ok) return judged;
    if (!this.#pool.add({ hash, evidence, guilty: judged.value }))
      return fail("EVIDENCE_ENOUGH", "there is enough against everybody it convicts");
    log.warn("evidence", { hash, epoch: evidenceEpoch(evidence), guilty: judged.value.join(" "), from });
    this.#store.save(hash, encoded).catch(onFatal);
    network.broadcastEvidence(evidence, from);
    onChanged();
    return ok(hash);
  }

  /** To a peer that has just come: it may have missed what waits here. */
  greet(peer: string): void {
    for (const { evidence } of this.#pool.pieces()) this.#options.network.sendEvidence(peer, evidence);
  }

  /** For the proposer, oldest first. */
  offered(): readonly Evidence[] {
    return this.#pool.pieces().map(({ evidence }) => evidence);
  }

  /** Whether a child of `tip` would have evidence to carry. */
  hasDue(tip: HybridState): boolean {
    return this.#pool.size > 0 && this.#pool.pieces().some((piece) => this.#isDue(piece, tip));
  }

  /** After each final block: what is punished or expired waits no longer. */
  onCommitted({ block, hybrid }: ExecutedBlock): void {
    this.#logPenalties(hybrid, block.header.number);
    if (this.#pool.size === 0) return;
    const dropped = this.#pool.keep((piece) => this.#isDue(piece, hybrid));
    if (dropped.length > 0) this.#store.forget(dropped.map(({ hash }) => hash)).catch(this.#options.onFatal);
  }

  #logPenalties(after: HybridState, number: number): void {
    const { log, chain } = this.#options;
    const before = chain.committed.hybridState(number - 1);
    if (before === undefined) return;
    const known = new Set(before.slashed.map(({ address }) => address));
    for (const { address } of after.slashed) if (!known.has(address)) log.warn("validatorSlashed", { number, address });
    const { jailAfterPayouts } = chain.environment.spec;
    for (const address of newlyJailed(before.absences, after.absences, jailAfterPayouts))
      log.warn("validatorJailed", { number, address });
  }

  #isDue({ evidence, guilty }: PooledEvidence, tip: HybridState): boolean {
    const slashed = new Set(tip.slashed.map(({ address }) => address));
    if (guilty.every((address) => slashed.has(address))) return false;
    const { environment, pending } = this.#options.chain;
    const ancestry = pending.ancestry(tip.hash);
    return isEpochPunishable(tip, evidenceEpoch(evidence), hybridTimeMs(tip) + 1, ancestry, environment);
  }

  #judge(evidence: Evidence): ReturnType<typeof judgeEvidence> {
    const { environment, committed, pending } = this.#options.chain;
    const { head, genesisHash } = committed;
    return judgeEvidence(head, evidence, hybridTimeMs(head) + 1, pending.ancestry(head.hash), environment, genesisHash);
  }
}
