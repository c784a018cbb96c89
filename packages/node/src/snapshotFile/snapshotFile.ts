// A node's data in one file that can be carried about: what it says of itself in a line of JSON, every table entry, and the
// SHA-256 of all that as its last bytes. What lies in it proves nothing; who takes it in checks it as if a peer had sent it.
import { fail, type Hash32, isHex, ok, type Result } from "@festina/primitives";

export const SNAPSHOT_FORMAT = "festina-snapshot";
export const SNAPSHOT_VERSION = 1;
export const DIGEST_BYTES = 32;
const LENGTH_BYTES = 4;
/** Ends the entries; no key has this length. */
const END = 0;
const HEADER_BYTES_MAX = 4_096;
const KEY_BYTES_MAX = 1_024;
/** The largest entry is a block with its envelope, 8 MiB. */
const VALUE_BYTES_MAX = 16 * 1_024 * 1_024;

export type SnapshotFailureCode = "SNAPSHOT_INVALID";

export interface SnapshotHeader {
  readonly specHash: Hash32;
  readonly genesisHash: Hash32;
  readonly headNumber: number;
  readonly headHash: Hash32;
  /** Version of the tables. */
  readonly tables: number;
}

export type SnapshotEntry = readonly [key: Uint8Array, value: Uint8Array];

const invalid = (message: string): Result<never, SnapshotFailureCode> => fail("SNAPSHOT_INVALID", message);

/** Digests bytes as they come. */
export interface RunningDigest {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

function lengthPrefix(...lengths: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(LENGTH_BYTES * lengths.length);
  const view = new DataView(bytes.buffer);
  for (const [index, length] of lengths.entries()) view.setUint32(index * LENGTH_BYTES, length);
  return bytes;
}

export function encodeSnapshotHeader(header: SnapshotHeader): readonly Uint8Array[] {
  const text = JSON.stringify({ format: SNAPSHOT_FORMAT, version: SNAPSHOT_VERSION, ...header });
  const bytes = new TextEncoder().encode(text);
  return [lengthPrefix(bytes.length), bytes];
}

export const encodeSnapshotEntry = ([key, value]: SnapshotEntry): readonly Uint8Array[] => [
  lengthPrefix(key.length, value.length),
  key,
  value,
];

export const encodeSnapshotEnd = (): Uint8Array => lengthPrefix(END, DIGEST_BYTES);

/** Bytes in whatever pieces they come. */
class PieceReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** `null` where fewer are left. */
  async take(length: number): Promise<Uint8Array | null> {
    const parts: Uint8Array[] = [];
    let missing = length;
    while (missing > this.#held.length) {
      parts.push(this.#held);
      missing -= this.#held.length;
      const next = await this.#pieces.next();
      if (next.done === true) return null;
      this.#held = next.value;
    }
    parts.push(this.#held.subarray(0, missing));
    this.#held = this.#held.subarray(missing);
    const taken = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      taken.set(part, at);
      at += part.length;
    }
    return taken;
  }

  async isAtEnd(): Promise<boolean> {
    while (this.#held.length === 0) {
      const next = await this.#pieces.next();
      if (next.done === true) return true;
      this.#held = next.value;
    }
    return false;
  }
}

const isHash = (value: unknown): value is Hash32 => isHex(value) && value.length === 66;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function parseHeader(bytes: Uint8Array): Result<SnapshotHeader, SnapshotFailureCode> {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) ?? {};
  } catch {
    return invalid("not a snapshot file");
  }
  const { format, version, specHash, genesisHash, headNumber, headHash, tables } = fields;
  if (format !== SNAPSHOT_FORMAT) return invalid("not a snapshot file");
  if (version !== SNAPSHOT_VERSION)
    return invalid(
      `a snapshot of version ${String(version).slice(0, 32)}, and this program reads ${SNAPSHOT_VERSION}: update it`,
    );
  if (!isHash(specHash) || !isHash(genesisHash) || !isHash(headHash) || !isCount(headNumber) || !isCount(tables))
    return invalid("the header of the snapshot is damaged");
  return ok({ specHash, genesisHash, headNumber, headHash, tables });
}

/** Where the parts of a file go. */
export interface SnapshotSink<Code extends string> {
  /** A refusal ends the reading. */
  header(header: SnapshotHeader): Result<void, Code>;
  entry(entry: SnapshotEntry): Promise<void> | void;
}

/**
 * Reads a file to its end. Every length is checked before anything of it is kept; what the sink was given counts only once
 * this has resolved with success, for the digest comes last.
 */
export async function readSnapshot<Code extends string>(
  pieces: AsyncIterable<Uint8Array>,
  digest: RunningDigest,
  sink: SnapshotSink<Code>,
): Promise<Result<{ readonly header: SnapshotHeader; readonly entries: number }, SnapshotFailureCode | Code>> {
  const reader = new PieceReader(pieces);
  const read = async (length: number): Promise<Uint8Array | null> => {
    const bytes = await reader.take(length);
    if (bytes !== null) digest.update(bytes);
    return bytes;
  };
  const lengths = async (count: number): Promise<readonly number[] | null> => {
    const bytes = await read(LENGTH_BYTES * count);
    if (bytes === null) return null;
    const view = new DataView(bytes.buffer);
    return Array.from({ length: count }, (_, index) => view.getUint32(index * LENGTH_BYTES));
  };
  const cut = (): Result<never, SnapshotFailureCode> => invalid("the snapshot is cut short");

  const [headerLength] = (await lengths(1)) ?? [];
  if (headerLength === undefined || headerLength > HEADER_BYTES_MAX) return invalid("not a snapshot file");
  const headerBytes = await read(headerLength);
  if (headerBytes === null) return cut();
  const header = parseHeader(headerBytes);
  if (!header.ok) return header;
  const isWanted = sink.header(header.value);
  if (!isWanted.ok) return isWanted;
  for (let entries = 0; ; entries++) {
    const [keyLength, valueLength] = (await lengths(2)) ?? [];
    if (keyLength === undefined || valueLength === undefined) return cut();
    if (keyLength === END) {
      const [wanted, told] = [digest.digest(), await reader.take(DIGEST_BYTES)];
      if (told === null) return cut();
      if (valueLength !== DIGEST_BYTES || !told.every((byte, index) => byte === wanted[index]))
        return invalid("the digest does not fit: the snapshot was damaged on its way");
      if (!(await reader.isAtEnd())) return invalid("something follows the snapshot");
      return ok({ header: header.value, entries });
    }
    if (keyLength > KEY_BYTES_MAX || valueLength > VALUE_BYTES_MAX)
      return invalid("an entry of the snapshot is damaged");
    const [key, value] = [await read(keyLength), await read(valueLength)];
    if (key === null || value === null) return cut();
    await sink.entry([key, value]);
  }
}
