import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { keccakHash, type SignatureSuite, type SigningContext, signingMessage } from "@festina/crypto";
import {
  checkSigning,
  decodeSigningRecord,
  EMPTY_SIGNING_RECORD,
  encodeSigningRecord,
  revealMessage,
  type SignedRequest,
  type SigningRecord,
  voteMessage,
} from "@festina/fastchain";
import { concatBytes, equalBytes, hexToBytes, OperationError, type Result, ZERO_HASH } from "@festina/primitives";

/** Signs for one validator. It alone holds the secret key, and it alone decides by the durable record. */
export interface Signer {
  readonly publicKey: Uint8Array;
  readonly record: SigningRecord;
  /** Writes and flushes the record, then signs. A refusal leaves the record as it was. */
  sign(request: SignedRequest, context: SigningContext): Result<Uint8Array>;
  /** The beacon reveal; there is only one per epoch and view, so nothing needs recording. */
  reveal(context: SigningContext, view: number): Uint8Array;
  close(): void;
}

const SLOT_BYTES = 4_096;
const CHECKSUM_BYTES = 32;

/** Where the record outlives the process. */
export interface RecordStore {
  load(): SigningRecord;
  save(record: SigningRecord): void;
  close(): void;
}

function frame(record: SigningRecord): Uint8Array {
  const body = encodeSigningRecord(record);
  const framed = new Uint8Array(SLOT_BYTES);
  framed.set(concatBytes(hexToBytes(keccakHash(body)), Uint8Array.of(body.length), body));
  return framed;
}

function unframe(slot: Uint8Array): SigningRecord | null {
  const length = slot[CHECKSUM_BYTES] ?? 0;
  const body = slot.subarray(CHECKSUM_BYTES + 1, CHECKSUM_BYTES + 1 + length);
  if (length === 0 || !equalBytes(hexToBytes(keccakHash(body)), slot.subarray(0, CHECKSUM_BYTES))) return null;
  const decoded = decodeSigningRecord(body);
  return decoded.ok ? decoded.value : null;
}

/** Within a view a record only gains: each signature adds to it. */
function signaturesIn({ proposed, prepared, committed, viewChanged }: SigningRecord): number {
  return [proposed, prepared, committed].filter((hash) => hash !== null).length + (viewChanged ? 1 : 0);
}

function isNewer(a: SigningRecord, b: SigningRecord): boolean {
  if (a.epoch !== b.epoch) return a.epoch > b.epoch;
  if (a.view !== b.view) return a.view > b.view;
  return signaturesIn(a) > signaturesIn(b);
}

/**
 * The record in a file of two slots that are written in turn, so that a write torn by a crash leaves the one before it.
 * @throws OperationError SIGNING_RECORD_DAMAGED when neither slot can be read: then nobody can know what was signed
 */
export function openRecordFile(path: string): RecordStore {
  let existing: Uint8Array;
  try {
    existing = readFileSync(path);
  } catch {
    existing = new Uint8Array(0);
  }
  const slots = [
    unframe(existing.subarray(0, SLOT_BYTES)),
    unframe(existing.subarray(SLOT_BYTES, 2 * SLOT_BYTES)),
  ] as const;
  const [first, second] = slots;
  if (existing.length > 0 && first === null && second === null) {
    throw new OperationError(
      "SIGNING_RECORD_DAMAGED",
      `${path} is damaged: what this validator has signed is not known. Start without it as an observer, or wait for the next epoch and remove the file`,
    );
  }
  const useSecond = second !== null && (first === null || isNewer(second, first));
  let current = (useSecond ? second : first) ?? EMPTY_SIGNING_RECORD;
  let nextSlot = useSecond || existing.length === 0 ? 0 : 1;
  const file = openSync(path, existing.length === 0 ? "w+" : "r+", 0o600);
  return {
    load: () => current,
    save: (record) => {
      writeSync(file, frame(record), 0, SLOT_BYTES, nextSlot * SLOT_BYTES);
      fsyncSync(file);
      nextSlot = 1 - nextSlot;
      current = record;
    },
    close: () => closeSync(file),
  };
}

/** A record that dies with the process, for nodes that keep everything in memory. */
export function createMemoryRecord(): RecordStore {
  let current = EMPTY_SIGNING_RECORD;
  return {
    load: () => current,
    save: (record) => {
      current = record;
    },
    close: () => undefined,
  };
}

export function createSigner(secretKey: Uint8Array, suite: SignatureSuite, records: RecordStore): Signer {
  const messageOf = (request: SignedRequest, context: SigningContext): Uint8Array => {
    if (request.kind === "prePrepare") return signingMessage(context, "prePrepare", request.view, request.blockHash);
    return voteMessage(
      context,
      request.kind,
      request.view,
      request.kind === "viewChange" ? ZERO_HASH : request.blockHash,
    );
  };
  return {
    publicKey: suite.publicKey(secretKey),
    get record() {
      return records.load();
    },
    sign: (request, context) => {
      const allowed = checkSigning(records.load(), request);
      if (!allowed.ok) return allowed;
      records.save(allowed.value);
      return { ok: true, value: suite.sign(secretKey, messageOf(request, context)) };
    },
    reveal: (context, view) => suite.sign(secretKey, revealMessage(context, view)),
    close: () => records.close(),
  };
}
