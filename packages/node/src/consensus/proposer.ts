import type { ChainSpec } from "@festina/chainspec";
import {
  type ExecutedBlock,
  type HybridState,
  hybridTimeMs,
  leavesOutUnpaid,
  mustCarryBoundary,
  pointerNumberMax,
  type TransactionSource,
} from "@festina/fastchain";
import type { Clock } from "@festina/primitives";
import type { Certificate, SnailBlock } from "@festina/types";
import type { CommittedChain } from "../chain/committedChain.ts";
import type { FastChain } from "../chain/fastChain.ts";
import type { EvidenceService } from "../evidence/evidenceService.ts";
import type { TransactionService } from "../pool/transactionService.ts";
import type { SnailService } from "../snail/snailService.ts";
import { type BlockPolicy, nextBaseFeeWei } from "./blockPolicy.ts";

export interface ProposerOptions {
  readonly spec: ChainSpec;
  readonly committed: CommittedChain;
  readonly chain: FastChain;
  readonly snail: SnailService;
  readonly transactions: TransactionService;
  readonly evidence: EvidenceService;
  readonly clock: Clock;
  /** The usual one where absent. */
  readonly policy: BlockPolicy;
  /** Unix milliseconds. */
  /** The same certificate with the votes that came after it was made. */
  readonly fullest: (certificate: Certificate) => Certificate;
}

const NO_TRANSACTIONS: TransactionSource = { next: () => undefined, refuse: () => undefined };
/** A block is closed after this much building, full or not: a third of what its voters have for it. */
const BUILD_MS_MAX = 400;
/** Certificates are samples of who takes part: some a second are plenty. */
const CERTIFICATES_APART_MS = 250;

/** What this member would put into a block, and whether that is worth one. */
export class Proposer {
  readonly #options: ProposerOptions;
  readonly #policy: BlockPolicy;

  constructor(options: ProposerOptions) {
    this.#options = options;
    this.#policy = options.policy;
  }

  /** Whether a block on `tip` is worth making before the heartbeat. */
  hasWork(tip: HybridState): boolean {
    const { transactions, evidence } = this.#options;
    const hasWork =
      transactions.hasWork(tip, this.#nextBaseFeeWei(tip)) || this.#nextPointer(tip) !== null || evidence.hasDue(tip);
    return this.#policy.isWanted(tip, hasWork);
  }

  /** Built, executed and held as a pending block; `null` when its parent is not here any more. */
  build(parent: HybridState, view: number, reveal: Uint8Array): Promise<ExecutedBlock | null> {
    const { chain, transactions, evidence, clock } = this.#options;
    const { timeMs, takesTransactions, development, buildMsMax } = this.#policy.planBlock(parent);
    const deadlineMs = clock.nowMs() + (buildMsMax ?? BUILD_MS_MAX);
    const snailBlock = this.#nextPointer(parent);
    return chain.build(parent.hash, {
      view,
      nowMs: timeMs,
      reveal,
      snailBlock,
      certificate: this.#isCertificateDue(parent, snailBlock) ? this.#highestCertificate(parent) : null,
      evidence: evidence.offered(),
      transactions: takesTransactions
        ? transactions.source(parent, development?.baseFeePerGasWei ?? this.#nextBaseFeeWei(parent))
        : NO_TRANSACTIONS,
      ...(development === undefined ? {} : { development }),
      hasTime: () => clock.nowMs() < deadlineMs,
    });
  }

  #nextBaseFeeWei(parent: HybridState): bigint {
    return nextBaseFeeWei(this.#policy, parent, this.#options.spec);
  }

  /** The snail block that a block on `tip` may point to next, if any. */
  #nextPointer(tip: HybridState): SnailBlock | null {
    const { snail, spec, chain } = this.#options;
    const next = snail.nextPointer(tip.pointer);
    if (next === null || next.header.number > pointerNumberMax(tip, spec.preset)) return null;
    const { anchorNumber, anchorHash } = next.header;
    const isOurs = anchorNumber === 0 || chain.pending.ancestry(tip.hash).hashOf(anchorNumber) === anchorHash;
    return isOurs ? next : null;
  }

  /**
   * Each carried certificate costs everyone a check. Blocks that follow each other fast share one; those that end an
   * account of it, a payment or an epoch, have it in any case.
   */
  #isCertificateDue(parent: HybridState, snailBlock: SnailBlock | null): boolean {
    const { certifiedNumber } = parent;
    if (snailBlock !== null || mustCarryBoundary(parent)) return true;
    const certifiedAtMs = this.#options.committed.timeMsOf(certifiedNumber) ?? Number.NEGATIVE_INFINITY;
    return hybridTimeMs(parent) >= certifiedAtMs + CERTIFICATES_APART_MS;
  }

  /** COMMITTED of the newest ancestor that is not certified on chain yet. */
  #highestCertificate(parent: HybridState): Certificate | null {
    const { committed, fullest } = this.#options;
    const top = Math.min(parent.header.number, committed.head.header.number);
    const number = committed.newestCertified(top);
    const certificate = number > parent.certifiedNumber ? committed.certificateAt(number) : undefined;
    if (certificate === undefined) return null;
    // Only where it decides about somebody's pay: late votes have to be verified, and so has the new certificate.
    const { participation, committee } = parent;
    return leavesOutUnpaid(participation, certificate, committee) ? fullest(certificate) : certificate;
  }
}
