import {
  EMPTY_BYTES,
  encodeRlp,
  fail,
  type Hash32,
  hexToBytes,
  ok,
  type Result,
  type RlpReader,
  readRlp,
  rlpInteger,
  toHash32,
  ZERO_HASH,
} from "@festina/primitives";

/**
 * What this member has signed in the newest view it signed in. Written to disk and flushed before each signature, so
 * that no restart can make it sign a second, different message (rules S1, S2, S3 and S5).
 */
export interface SigningRecord {
  readonly epoch: number;
  readonly view: number;
  /** The leader's PREPARE too: one signature is both. */
  readonly proposed: Hash32 | null;
  readonly prepared: Hash32 | null;
  readonly committed: Hash32 | null;
  readonly viewChanged: boolean;
}

/** Stands in a record for the block of a PREPARE that may or may not have been signed: no block is it. */
export const UNKNOWN_BLOCK: Hash32 = ZERO_HASH;

export type SigningRequest =
  | {
      readonly kind: "prePrepare" | "prepare" | "commit";
      readonly epoch: number;
      readonly view: number;
      readonly blockHash: Hash32;
    }
  | { readonly kind: "viewChange"; readonly epoch: number; readonly view: number };

export type SigningRefusalCode =
  | "SIGNING_OLD_EPOCH"
  | "SIGNING_OLD_VIEW"
  | "SIGNING_TWICE"
  | "SIGNING_AFTER_VIEW_CHANGE"
  | "SIGNING_AFTER_COMMIT";

export const EMPTY_SIGNING_RECORD: SigningRecord = {
  epoch: 0,
  view: 0,
  proposed: null,
  prepared: null,
  committed: null,
  viewChanged: false,
};

const FIELD = { prePrepare: "prepared", prepare: "prepared", commit: "committed" } as const;

/** The record after signing, or why signing would break a rule. Asking for what was signed before is allowed. */
export function checkSigning(
  record: SigningRecord,
  request: SigningRequest,
): Result<SigningRecord, SigningRefusalCode> {
  const { epoch, view } = request;
  if (epoch < record.epoch)
    return fail("SIGNING_OLD_EPOCH", `epoch ${epoch} is retired; the newest signed is ${record.epoch}`);
  if (epoch === record.epoch && view < record.view) {
    return fail("SIGNING_OLD_VIEW", `view ${view} was left; the newest signed is ${record.view}`);
  }
  const isNew = epoch > record.epoch || view > record.view;
  const current = isNew ? { ...EMPTY_SIGNING_RECORD, epoch, view } : record;
  if (request.kind === "viewChange") {
    if (current.committed !== null) return fail("SIGNING_AFTER_COMMIT", `a COMMIT was signed in view ${view}`);
    return ok({ ...current, viewChanged: true });
  }
  if (current.viewChanged) {
    return fail("SIGNING_AFTER_VIEW_CHANGE", `a VIEW-CHANGE was signed in view ${view}`);
  }
  const signed = current[FIELD[request.kind]];
  if (signed !== null && signed !== request.blockHash) {
    return fail("SIGNING_TWICE", `another block was signed as ${request.kind} in view ${view}`);
  }
  const proposed = request.kind === "prePrepare" ? request.blockHash : current.proposed;
  return ok({ ...current, proposed, [FIELD[request.kind]]: request.blockHash });
}

/**
 * What is written before a COMMIT: that the next view's PREPARE may have been signed, whatever it is for. It retires the
 * COMMIT's own view (rule S5), and the next PREPARE of the same run need not be written before it is signed.
 */
export function reserveNextView({ epoch, view }: Pick<SigningRecord, "epoch" | "view">): SigningRecord {
  return { ...EMPTY_SIGNING_RECORD, epoch, view: view + 1, prepared: UNKNOWN_BLOCK };
}

export function encodeSigningRecord(record: SigningRecord): Uint8Array {
  // Mostly all of them name one block.
  const newest = record.prepared ?? record.committed;
  const newestBytes = newest === null ? EMPTY_BYTES : hexToBytes(newest);
  const hashItem = (hash: Hash32 | null): Uint8Array =>
    hash === null ? EMPTY_BYTES : hash === newest ? newestBytes : hexToBytes(hash);
  return encodeRlp([
    rlpInteger(record.epoch),
    rlpInteger(record.view),
    hashItem(record.proposed),
    hashItem(record.prepared),
    hashItem(record.committed),
    rlpInteger(record.viewChanged ? 1 : 0),
  ]);
}

function readHash(reader: RlpReader, field: string): Hash32 | null {
  const bytes = reader.bytes(field, { max: 32 });
  reader.expect(bytes.length === 0 || bytes.length === 32, `${field} is no hash`);
  return bytes.length === 0 ? null : toHash32(bytes);
}

export function decodeSigningRecord(bytes: Uint8Array): Result<SigningRecord, "DECODE_INVALID"> {
  return readRlp(bytes, "signingRecord", (reader) => ({
    epoch: reader.number("epoch"),
    view: reader.number("view"),
    proposed: readHash(reader, "proposed"),
    prepared: readHash(reader, "prepared"),
    committed: readHash(reader, "committed"),
    viewChanged: reader.boolean("viewChanged"),
  }));
}
