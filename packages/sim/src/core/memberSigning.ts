// What a member signs with: the production signer and signing desk over its disk. The world hears when it falls silent.
import type { SignedRequest } from "@festina/fastchain";
import {
  createSigner,
  openJournal,
  openRecordFile,
  provisionSigningRecord,
  SILENT_LOG,
  type Signer,
  SigningDesk,
} from "@festina/node";
import type { Certificate } from "@festina/types";
import type { MemberOptions, MemberWorld } from "./memberWorld.ts";
import { decodeStubBlock, heightOfStub } from "./stubBlock.ts";
import type { StubChain } from "./stubChain.ts";

/** Some blocks: what only the journal knows of the signing record is to be lost with it, and to be found in it. */
const JOURNAL_CLEAR_BYTES = 2_048;

export class MemberSigning {
  readonly #world: MemberWorld;
  readonly #signer: Signer;
  readonly #desk: SigningDesk;
  #epoch = 0;
  #toldSilence: string | null = null;

  /** @throws OperationError when the disk is damaged where nothing else can help */
  constructor({ disk, suite, secretKey, isFirstStart }: MemberOptions, world: MemberWorld, chain: StubChain) {
    this.#world = world;
    if (isFirstStart) provisionSigningRecord(disk);
    const journal = openJournal(disk, { heightOf: heightOfStub, clearBytes: JOURNAL_CLEAR_BYTES });
    this.#signer = createSigner(secretKey, suite, openRecordFile(disk), journal);
    this.#desk = new SigningDesk({
      signer: this.#signer,
      journal,
      log: SILENT_LOG,
      nowMs: () => world.wallMs(),
      chain: {
        finalHeight: () => chain.height,
        isFinal: (hash) => chain.isFinal(hash),
        openBlock: (hash) => chain.openBlock(hash),
        reopen: (envelope) => {
          const block = decodeStubBlock(envelope);
          if (block.ok) chain.addOpen(block.value);
        },
        contextOf: (epoch) => world.context(epoch),
      },
    });
  }

  get record(): Signer["record"] {
    return this.#signer.record;
  }

  /** Whether it may sign in that epoch. */
  enterEpoch(epoch: number, beganAtMs: number): boolean {
    this.#epoch = epoch;
    const maySign = this.#desk.enterEpoch({ epoch, beganAtMs });
    this.#tellSilence();
    return maySign;
  }

  /** What the journal holds of the epoch. */
  recover(ownMember: number | null, onCertificate: (certificate: Certificate) => void): void {
    this.#desk.recover(this.#epoch, ownMember, onCertificate);
  }

  notice(certificate: Certificate, ownMember: number | null): void {
    this.#desk.notice(certificate, ownMember);
  }

  settle(): void {
    this.#desk.settle();
  }

  reveal(view: number): ReturnType<Signer["reveal"]> {
    return this.#signer.reveal(this.#world.context(this.#epoch), view);
  }

  /** `null` when it must not. */
  sign(
    request: SignedRequest,
    certificatesOf: (view: number) => readonly Certificate[],
  ): ReturnType<SigningDesk["sign"]> {
    const signature = this.#desk.sign(request, certificatesOf);
    this.#tellSilence();
    if (signature !== null) this.#world.onSigned(this.#epoch, request);
    return signature;
  }

  #tellSilence(): void {
    const reason = this.#signer.isSilentIn(this.#epoch) ? (this.#desk.silence?.code ?? null) : null;
    if (reason === this.#toldSilence) return;
    this.#toldSilence = reason;
    this.#world.onSilence(reason);
  }
}
