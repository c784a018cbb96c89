import { createHash } from "node:crypto";
import { createMemoryStore } from "@festina/adapters";
import { concatBytes, createPrng, type Hash32 } from "@festina/primitives";
import { type KeyValueStore, STORAGE_FORMAT_VERSION } from "@festina/storage";
import { specHash } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { encodeSnapshotEnd, encodeSnapshotEntry, encodeSnapshotHeader } from "../../src/snapshotFile/snapshotFile.ts";
import { unpackSnapshot } from "../../src/snapshotFile/unpackSnapshot.ts";
import { aSpec } from "../committee/committee.ts";

const SPEC = aSpec();
const HASH = `0x${"ab".repeat(32)}` as Hash32;
const HEADER = {
  ...{ specHash: specHash(SPEC), genesisHash: HASH, headNumber: 9, headHash: HASH },
  tables: STORAGE_FORMAT_VERSION,
};
const prng = createPrng(5);
const ENTRIES = Array.from({ length: 40 }, (_, index) => [Uint8Array.of(1, index), prng.bytes(index * 7)] as const);

function sha256() {
  const hash = createHash("sha256");
  return {
    update: (bytes: Uint8Array) => void hash.update(bytes),
    digest: () => new Uint8Array(hash.digest()),
  };
}

/** A file with its digest, whatever is in it. */
function fileOf(...parts: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(...parts);
  return concatBytes(content, createHash("sha256").update(content).digest());
}
const entryBytes = ENTRIES.flatMap((entry) => encodeSnapshotEntry(entry));
const GOOD = fileOf(...encodeSnapshotHeader(HEADER), ...entryBytes, encodeSnapshotEnd());

async function* inPieces(bytes: Uint8Array, length = 1_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}
const unpack = (bytes: Uint8Array, store: KeyValueStore = createMemoryStore(), length?: number) =>
  unpackSnapshot(inPieces(bytes, length), sha256(), store, SPEC);
const codeOf = async (bytes: Uint8Array): Promise<string> => {
  const unpacked = await unpack(bytes);
  return unpacked.ok ? "taken" : unpacked.error.code;
};

describe("a snapshot file", () => {
  it.each([1, 3, 64, 100_000])("gives what was put in, read in pieces of %i bytes", async (length) => {
    const store = createMemoryStore();
    expect(await unpack(GOOD, store, length)).toEqual({ ok: true, value: HEADER });
    for (const [key, value] of ENTRIES) expect(store.get(key)).toEqual(value);
  });

  it("is refused wherever it is cut off or changed", async () => {
    for (let length = 0; length < GOOD.length; length += 97)
      expect(await codeOf(GOOD.subarray(0, length))).toBe("SNAPSHOT_INVALID");
    for (let at = 0; at < GOOD.length; at += 31) {
      const bent = GOOD.slice();
      bent[at] = (bent[at] as number) ^ (1 << prng.below(8));
      expect(await codeOf(bent)).not.toBe("taken");
    }
    expect(await codeOf(concatBytes(GOOD, Uint8Array.of(0)))).toBe("SNAPSHOT_INVALID");
    for (let count = 0; count < 200; count++)
      expect(await codeOf(prng.bytes(prng.below(400)))).toBe("SNAPSHOT_INVALID");
  });

  it("with the right digest is refused for what it says", async () => {
    const header = (changes: object) => fileOf(...encodeSnapshotHeader({ ...HEADER, ...changes }), encodeSnapshotEnd());
    expect(await codeOf(header({}))).toBe("taken");
    expect(await codeOf(header({ specHash: HASH }))).toBe("SNAPSHOT_OF_ANOTHER_NETWORK");
    // Converted by whoever reads them.
    expect(await codeOf(header({ tables: 3 }))).toBe("taken");
    for (const [tables, cure] of [
      [STORAGE_FORMAT_VERSION + 1, "update this one"],
      [2, "have a node of today export it anew"],
    ] as const)
      expect(await unpack(header({ tables }))).toMatchObject({
        error: { code: "SNAPSHOT_FORMAT", message: expect.stringContaining(cure) },
      });
    for (const damage of [{ version: 2 }, { format: "x" }, { headNumber: -1 }, { headHash: "0x" }, { tables: null }])
      expect(await codeOf(header(damage))).toBe("SNAPSHOT_INVALID");
    const huge = encodeSnapshotEntry([new Uint8Array(1), new Uint8Array(0)])[0] as Uint8Array;
    huge.fill(0xff, 4);
    const start = encodeSnapshotHeader(HEADER);
    expect(await codeOf(fileOf(...start, huge, new Uint8Array(100), encodeSnapshotEnd()))).toBe("SNAPSHOT_INVALID");
    expect(await codeOf(fileOf(Uint8Array.of(0xff, 0xff, 0xff, 0xff)))).toBe("SNAPSHOT_INVALID");
  });
});
