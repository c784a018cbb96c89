import type { ChainSpec } from "@festina/chainspec";
import { fail, ok, type Result } from "@festina/primitives";
import { type KeyValueStore, MetaStore, STORAGE_FORMAT_VERSION, WriteBatch } from "@festina/storage";
import { specHash } from "@festina/types";
import { MIGRATION_STEPS } from "../migration/migrationSteps.ts";
import { type RunningDigest, readSnapshot, type SnapshotFailureCode, type SnapshotHeader } from "./snapshotFile.ts";

const ENTRIES_PER_BATCH = 1_000;

export type UnpackFailureCode = SnapshotFailureCode | "SNAPSHOT_OF_ANOTHER_NETWORK" | "SNAPSHOT_FORMAT";

/** Height of the chain that lies in a store; 0 where there is none. */
export const storedHeight = (store: KeyValueStore): number => new MetaStore(store).fastHead() ?? 0;

function checkHeader({ specHash: named, tables }: SnapshotHeader, spec: ChainSpec): Result<void, UnpackFailureCode> {
  if (named !== specHash(spec))
    return fail("SNAPSHOT_OF_ANOTHER_NETWORK", `the snapshot is of the chain spec ${named}`);
  return checkTables(tables);
}

/** What the file itself says; whoever reads the tables converts them by what they say (`migrateData`). */
function checkTables(tables: number): Result<void, "SNAPSHOT_FORMAT"> {
  const oldest = MIGRATION_STEPS[0]?.from ?? STORAGE_FORMAT_VERSION;
  if (tables >= oldest && tables <= STORAGE_FORMAT_VERSION) return ok(undefined);
  const formats = `the snapshot's tables are of format ${tables}, and this program reads ${oldest} to ${STORAGE_FORMAT_VERSION}`;
  const cure =
    tables > STORAGE_FORMAT_VERSION
      ? "a newer program wrote it: update this one"
      : "have a node of today export it anew";
  return fail("SNAPSHOT_FORMAT", `${formats}; ${cure}, or begin without a file: festina start asks the peers`);
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
