import type { ChainSpec } from "@festina/chainspec";
import { fail, type Result } from "@festina/primitives";
import { type KeyValueStore, MetaStore, STORAGE_FORMAT_VERSION, WriteBatch } from "@festina/storage";
import { specHash } from "@festina/types";
import { type RunningDigest, readSnapshot, type SnapshotFailureCode, type SnapshotHeader } from "./snapshotFile.ts";

const ENTRIES_PER_BATCH = 1_000;

export type UnpackFailureCode = SnapshotFailureCode | "SNAPSHOT_OF_ANOTHER_NETWORK" | "SNAPSHOT_FORMAT";

/** Height of the chain that lies in a store; 0 where there is none. */
export const storedHeight = (store: KeyValueStore): number => new MetaStore(store).fastHead() ?? 0;

function checkHeader({ specHash: named, tables }: SnapshotHeader, spec: ChainSpec): Result<void, UnpackFailureCode> {
  if (named !== specHash(spec))
    return fail("SNAPSHOT_OF_ANOTHER_NETWORK", `the snapshot is of the chain spec ${named}`);
  if (tables !== STORAGE_FORMAT_VERSION)
    return fail(
      "SNAPSHOT_FORMAT",
      `the snapshot's tables are of version ${tables}, this program's of ${STORAGE_FORMAT_VERSION}; export it anew`,
    );
  return { ok: true, value: undefined };
}

/** The file's tables, into a store that nobody believes yet. @throws what reading or writing throws */
export async function unpackSnapshot(
  pieces: AsyncIterable<Uint8Array>,
  digest: RunningDigest,
  store: KeyValueStore,
  spec: ChainSpec,
): Promise<Result<SnapshotHeader, UnpackFailureCode>> {
  let batch = new WriteBatch();
  const flush = async (): Promise<void> => {
    await store.write(batch.operations);
    batch = new WriteBatch();
  };
  const read = await readSnapshot(pieces, digest, {
    header: (header) => checkHeader(header, spec),
    entry: async ([key, value]) => {
      batch.put(key, value);
      if (batch.operations.length >= ENTRIES_PER_BATCH) await flush();
    },
  });
  if (!read.ok) return read;
  await flush();
  return { ok: true, value: read.value.header };
}
