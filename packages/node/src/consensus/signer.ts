import { type SignatureSuite, type SigningContext, signingMessage } from "@festina/crypto";
import { RecordKeeper, revealMessage, type SignedRequest, type SigningRecord, voteMessage } from "@festina/fastchain";
import { fail, type Hex, ok, type Result, ZERO_HASH } from "@festina/primitives";
import { CoveredRecord } from "./coveredRecord.ts";
import type { ConsensusJournal } from "./journal.ts";
import { type SessionProof, sessionMessage } from "./memberSessions.ts";
import type { RecordStore } from "./recordFile.ts";
import type { Silence } from "./silence.ts";

/** Signs for one validator. It alone holds the secret key, and it alone decides by the durable record. */
export interface Signer {
  readonly publicKey: Uint8Array;
  readonly record: SigningRecord;
  readonly recordState: RecordStore["state"];
  /** Why nothing is signed at present; a silence that an epoch has outlived is still told. */
  readonly silence: Silence | null;
  /** A silence that lasts longer replaces a shorter one. */
  beSilent(silence: Silence): void;
  /** Ends a silence that turned out to be needless. */
  speak(): void;
  isSilentIn(epoch: number): boolean;
  /** Sees to it that the flushed record forbids what would contradict it, then signs. A refusal leaves the record as it was. @throws OperationError when the disk fails */
  sign(request: SignedRequest, context: SigningContext): Result<Uint8Array>;
  /** Shows peers that sessions of this node are this validator's; says nothing about any block. */
  proveSession(chain: Omit<SigningContext, "epoch">, nodeId: Hex): SessionProof;
  /**
   * The beacon reveal; there is only one per epoch and view, so nothing needs recording. The last one is remembered: who
   * asks for it before there is anything to propose has it at no cost when there is.
   */
  reveal(context: SigningContext, view: number): Uint8Array;
  /** What only the journal knows of the record is written to its file. @throws OperationError */
  secureRecord(): void;
  close(): void;
}

function messageOf(request: SignedRequest, context: SigningContext): Uint8Array {
  if (request.kind === "prePrepare") return signingMessage(context, "prePrepare", request.view, request.blockHash);
  return voteMessage(
    context,
    request.kind,
    request.view,
    request.kind === "viewChange" ? ZERO_HASH : request.blockHash,
  );
}

/** `journal` is begun before anything is signed, and flushed before a signature is used. */
export function createSigner(
  secretKey: Uint8Array,
  suite: SignatureSuite,
  file: RecordStore,
  journal: ConsensusJournal,
): Signer {
  const records = new CoveredRecord(file, journal);
  let silence: Silence | null = null;
  const keeper = new RecordKeeper(records);
  const beaconSuite = suite.beacon ?? suite;
  let lastReveal: { readonly epoch: number; readonly view: number; readonly reveal: Uint8Array } | null = null;
  const isSilentIn = (epoch: number): boolean => silence !== null && epoch <= silence.throughEpoch;
  return {
    publicKey: suite.publicKey(secretKey),
    get record() {
      return keeper.record;
    },
    get recordState() {
      return records.state;
    },
    get silence() {
      return silence;
    },
    beSilent: (next) => {
      if (silence === null || next.throughEpoch > silence.throughEpoch) silence = next;
    },
    speak: () => {
      silence = null;
    },
    isSilentIn,
    sign: (request, context) => {
      if (isSilentIn(request.epoch)) return fail("SIGNER_SILENT", silence?.message ?? "");
      const admitted = keeper.admit(request);
      if (!admitted.ok) return admitted;
      return ok(suite.sign(secretKey, messageOf(request, context)));
    },
    proveSession: (chain, nodeId) => ({
      publicKey: suite.publicKey(secretKey),
      signature: suite.sign(secretKey, sessionMessage(chain, nodeId)),
    }),
    reveal: (context, view) => {
      const { epoch } = context;
      if (lastReveal?.epoch !== epoch || lastReveal.view !== view)
        lastReveal = { epoch, view, reveal: beaconSuite.sign(secretKey, revealMessage(context, view)) };
      return lastReveal.reveal;
    },
    secureRecord: () => records.secure(),
    close: () => records.close(),
  };
}
