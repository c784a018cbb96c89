import type { ChainSpec } from "@festina/chainspec";
import type { SignatureSuite } from "@festina/crypto";
import { concatBytes, fail, ok, type Result } from "@festina/primitives";
import { type KeyValueStore, MetaStore, STORAGE_FORMAT_VERSION, TABLE } from "@festina/storage";
import { specHash } from "@festina/types";
import { CommittedChain } from "../chain/committedChain.ts";
import {
  encodeSnapshotEnd,
  encodeSnapshotEntry,
  encodeSnapshotHeader,
  type RunningDigest,
  type SnapshotHeader,
} from "./snapshotFile.ts";

/** Entries are at most some megabytes each, and most are small. */
const PAGE_ENTRIES = 1_000;
/** What is only of this node: accusations on their way, what it was still to fetch, what its users sent. */
const LEFT_OUT: ReadonlySet<number> = new Set([TABLE.evidence, TABLE.syncTask, TABLE.sentTransaction]);

export type WriteSnapshotFailureCode = "EXPORT_EMPTY" | "EXPORT_UNFINISHED";

/** Writes the tables of a stopped node, piece by piece. @throws OperationError DATA_FORMAT */
export async function writeSnapshot(
  spec: ChainSpec,
  store: KeyValueStore,
  suite: SignatureSuite,
  digest: RunningDigest,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<Result<{ readonly header: SnapshotHeader; readonly entries: number }, WriteSnapshotFailureCode>> {
  const meta = new MetaStore(store);
  if (meta.laying() !== undefined || meta.statePivot() !== undefined)
    return fail("EXPORT_UNFINISHED", "this node is still beginning by snapshot itself");
  const chain = new CommittedChain(store, suite, spec);
  if (!chain.load()) return fail("EXPORT_EMPTY", "the data folder holds no chain");
  const header: SnapshotHeader = {
    specHash: specHash(spec),
    genesisHash: chain.genesisHash,
    headNumber: chain.head.header.number,
    headHash: chain.head.hash,
    tables: STORAGE_FORMAT_VERSION,
  };
  const put = async (parts: readonly Uint8Array[]): Promise<void> => {
    const bytes = concatBytes(...parts);
    digest.update(bytes);
    await write(bytes);
  };
  await put(encodeSnapshotHeader(header));
  let entries = 0;
  for (let from: Uint8Array = Uint8Array.of(0); ; ) {
    const page = await store.entries({ from, to: Uint8Array.of(0xff), max: PAGE_ENTRIES });
    for (const entry of page) {
      if (LEFT_OUT.has(entry[0][0] as number)) continue;
      await put(encodeSnapshotEntry(entry));
      entries += 1;
    }
    const last = page.at(-1)?.[0];
    if (last === undefined) break;
    // The smallest key above it.
    from = concatBytes(last, Uint8Array.of(0));
  }
  await put([encodeSnapshotEnd()]);
  await write(digest.digest());
  return ok({ header, entries });
}
