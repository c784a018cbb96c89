// Sees to it that what a signature stands on is on our disk before the signature leaves.
import type { SignedRequest } from "@festina/fastchain";
import type { Hash32 } from "@festina/primitives";
import type { Certificate, CertificateKind } from "@festina/types";
import type { ConsensusJournal } from "./journal.ts";

/** What the keeper needs of the chain. */
export interface GroundChain {
  finalHeight(): number;
  isFinal(hash: Hash32): boolean;
  /** A block that is here and not final. */
  openBlock(hash: Hash32): { readonly height: number; readonly envelope: Uint8Array } | undefined;
  /** A block of the last run is here again. */
  reopen(envelope: Uint8Array): void;
}

/** Certificates of one view of the epoch that is being signed in, as far as we hold them. */
export type CertificatesOf = (view: number) => readonly Certificate[];

const find = (certificates: readonly Certificate[], wanted: CertificateKind): Certificate | undefined =>
  certificates.find(({ kind }) => kind === wanted);

export class GroundKeeper {
  readonly #journal: ConsensusJournal;
  readonly #chain: GroundChain;
  /** Views that are signed in only rise: the newest kept one of each kind is all there is to remember. */
  readonly #kept = new Map<CertificateKind, string>();

  constructor(journal: ConsensusJournal, chain: GroundChain) {
    this.#journal = journal;
    this.#chain = chain;
  }

  /**
   * To be called before `request` is signed; it is on disk once the journal is flushed. False when it must not be: a COMMIT whose view was settled in the same
   * moment is of no use any more, and its certificate is gone.
   */
  keepFor({ kind, view }: SignedRequest, certificatesOf: CertificatesOf): boolean {
    const before = certificatesOf(view - 1);
    // A COMMITTED view needs nothing of us: whoever signed for it holds its block as PREPARED.
    if (find(before, "committed") === undefined) {
      const prepared = find(before, "prepared");
      const skipped = find(before, "skipped");
      if (prepared !== undefined) this.#keepPrepared(prepared);
      if (skipped !== undefined && this.#isNew(skipped))
        this.#journal.append({ kind: "skipped", certificate: skipped });
    }
    if (kind !== "commit") return true;
    const prepared = find(certificatesOf(view), "prepared");
    return prepared !== undefined && (this.#keepPrepared(prepared) || this.#chain.isFinal(prepared.blockHash));
  }

  /** The last run's blocks are here again, and so are the certificates that ask for them. */
  recover(epoch: number, onCertificate: (certificate: Certificate) => void): void {
    for (const entry of this.#journal.entries) {
      if (entry.kind === "prepared") {
        if (entry.height <= this.#chain.finalHeight()) continue;
        this.#chain.reopen(entry.envelope);
      }
      if (entry.certificate.epoch === epoch) onCertificate(entry.certificate);
    }
  }

  /** After a commit. See `ConsensusJournal.settled`. */
  settle(beforeForgetting: () => void): void {
    this.#journal.settled(this.#chain.finalHeight(), beforeForgetting);
  }

  /** False when the block is not here, or final already. */
  #keepPrepared(certificate: Certificate): boolean {
    const block = this.#chain.openBlock(certificate.blockHash);
    if (block === undefined) return false;
    if (this.#isNew(certificate)) this.#journal.append({ kind: "prepared", ...block, certificate });
    return true;
  }

  #isNew({ kind, epoch, view }: Certificate): boolean {
    const key = `${epoch} ${view}`;
    if (this.#kept.get(kind) === key) return false;
    this.#kept.set(kind, key);
    return true;
  }
}
