import type { SigningContext } from "@festina/crypto";
import type { SignedRequest } from "@festina/fastchain";
import { OperationError } from "@festina/primitives";
import { type Certificate, signerIndexes } from "@festina/types";
import type { Log } from "../log.ts";
import { type CertificatesOf, type GroundChain, GroundKeeper } from "./groundKeeper.ts";
import type { ConsensusJournal } from "./journal.ts";
import type { Signer } from "./signer.ts";
import { isCovered, type Silence, type SilenceCode, silenceMessage } from "./silence.ts";

export interface SigningChain extends GroundChain {
  contextOf(epoch: number): SigningContext;
}

export interface EpochBegin {
  readonly epoch: number;
  /** Time of the block that it stands on, in Unix milliseconds; `null` when that is not known. */
  readonly beganAtMs: number | null;
}

export interface SigningDeskOptions {
  readonly chain: SigningChain;
  /** `null`: this node has no key. */
  readonly signer: Signer | null;
  readonly journal: ConsensusJournal;
  readonly log: Log;
  /** Unix milliseconds. */
  readonly nowMs: () => number;
}

/** Our clock and the proposers' may differ by this much when an epoch's first block is compared with our start. */
const CLOCK_DOUBT_MS = 10_000;

/**
 * Between consensus and the key: sees to it that everything a signature stands on is on disk, and keeps the key silent
 * while nobody can know what it has signed before. An epoch that began after this start is always safe to sign in.
 */
export class SigningDesk {
  readonly #options: SigningDeskOptions;
  readonly #ground: GroundKeeper;
  readonly #startedAtMs: number;
  #hasSigned = false;
  /** What was found wrong on disk at the start, until an epoch comes that it cannot concern. */
  #doubt: { readonly code: SilenceCode; readonly detail: string } | null;

  constructor(options: SigningDeskOptions) {
    this.#options = options;
    this.#ground = new GroundKeeper(options.journal, options.chain);
    this.#startedAtMs = options.nowMs();
    this.#doubt = options.signer === null ? null : findDoubt(options.signer, options.journal);
  }

  get silence(): Silence | null {
    return this.#options.signer?.silence ?? null;
  }

  /** No record, and so far no block: either a network that is about to begin, or a member that lost its disk. */
  get awaitsNewChain(): boolean {
    return this.#doubt?.code === "SIGNING_RECORD_MISSING" && this.#options.chain.finalHeight() === 0;
  }

  /** To be called when enough other members have no block either: nothing can have been signed that matters. */
  openNewChain(): void {
    this.#doubt = null;
    this.#options.signer?.speak();
  }

  /** Whether this key may sign in the epoch. */
  enterEpoch({ epoch, beganAtMs }: EpochBegin): boolean {
    const { signer, log } = this.#options;
    if (signer === null) return false;
    if (this.#doubt !== null) {
      if (beganAtMs !== null && beganAtMs > this.#startedAtMs + CLOCK_DOUBT_MS) this.openNewChain();
      else this.#beSilent(this.#doubt.code, epoch, this.#doubt.detail);
    } else if (signer.silence !== null && !signer.isSilentIn(epoch)) {
      log.info("signingAgain", { epoch, code: signer.silence.code });
      signer.speak();
    }
    return !signer.isSilentIn(epoch);
  }

  /** The last run's blocks and certificates are here again. */
  recover(epoch: number, ownMember: number | null, onCertificate: (certificate: Certificate) => void): void {
    this.#ground.recover(epoch, (certificate) => {
      this.notice(certificate, ownMember);
      onCertificate(certificate);
    });
  }

  /** The signature, once it and its grounds are on disk; `null` when none is to be given. */
  sign(request: SignedRequest, certificatesOf: CertificatesOf): Uint8Array | null {
    const { signer, chain, log } = this.#options;
    if (signer === null || signer.isSilentIn(request.epoch)) return null;
    try {
      this.#options.journal.begin();
      if (!this.#ground.keepFor(request, certificatesOf)) return null;
      const signature = signer.sign(request, chain.contextOf(request.epoch));
      // A COMMIT's record has flushed its grounds too.
      this.#options.journal.flush();
      if (signature.ok) {
        this.#tellFirst(request);
        return signature.value;
      }
      log.debug("signatureRefused", { code: signature.error.code, message: signature.error.message });
      return null;
    } catch (error) {
      this.#onDiskError(error);
      return null;
    }
  }

  /** How long a member needs to take part again after a start is told by its log. */
  #tellFirst({ epoch, view, kind }: SignedRequest): void {
    if (this.#hasSigned) return;
    this.#hasSigned = true;
    this.#options.log.info("firstSignature", { epoch, view, kind });
  }

  /** A verified certificate: when our own signature is in it, the record must know of it. */
  notice(certificate: Certificate, ownMember: number | null): void {
    const { signer } = this.#options;
    if (signer === null || ownMember === null || signer.isSilentIn(certificate.epoch)) return;
    if (!signerIndexes(certificate.signers).includes(ownMember) || isCovered(signer.record, certificate)) return;
    const { kind, epoch, view } = certificate;
    this.#beSilent("SIGNING_RECORD_OLD", epoch, `it took part in ${kind} of view ${view}`);
  }

  /** After a commit. */
  settle(): void {
    if (this.#options.signer?.silence?.code === "DISK_FAILED") return;
    try {
      this.#ground.settle(() => this.#options.signer?.secureRecord());
    } catch (error) {
      this.#onDiskError(error);
    }
  }

  /** After a failed write nobody can say what is on disk: nothing is written or signed any more in this run. */
  #onDiskError(error: unknown): void {
    if (!(error instanceof OperationError)) throw error;
    this.#beSilent("DISK_FAILED", Number.POSITIVE_INFINITY, error.message);
  }

  #beSilent(code: SilenceCode, throughEpoch: number, detail: string): void {
    const message = silenceMessage(code, throughEpoch, detail);
    this.#options.log.error("signingStopped", { code, message });
    this.#options.signer?.beSilent({ code, message, throughEpoch });
  }
}

function findDoubt(signer: Signer, journal: ConsensusJournal): { code: SilenceCode; detail: string } | null {
  if (signer.recordState === "missing") return { code: "SIGNING_RECORD_MISSING", detail: "" };
  if (signer.recordState === "damaged") return { code: "SIGNING_RECORD_DAMAGED", detail: "" };
  const { record } = signer;
  const { verdict } = journal;
  if (verdict.kind === "damaged")
    return { code: "JOURNAL_DAMAGED", detail: `at byte ${verdict.offset} (${verdict.fault})` };
  if (verdict.kind === "missing" && (record.epoch > 0 || record.view > 0))
    return { code: "JOURNAL_MISSING", detail: "" };
  return null;
}
