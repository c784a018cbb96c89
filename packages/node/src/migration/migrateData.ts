// A folder that an earlier version of this program wrote becomes one of today, before anything else reads it.
import { assert, type Clock, OperationError } from "@festina/primitives";
import { type KeyValueStore, MetaStore, STORAGE_FORMAT_VERSION, WriteBatch } from "@festina/storage";
import type { Log } from "../log.ts";

/** From one version of the tables to the next. */
export interface MigrationStep {
  readonly from: number;
  /** What becomes what, for the log. */
  readonly what: string;
  /**
   * Converts in batches that are bounded. It may be ended after any of them, and is then run again: it finds what is left by
   * looking at the store. `onProgress` hears how many entries this run has converted. @throws OperationError when the
   * store fails
   */
  run(store: KeyValueStore, onProgress: (entries: number) => void): Promise<unknown>;
}

export interface MigrationOptions {
  readonly log: Log;
  readonly clock: Pick<Clock, "nowMs">;
  readonly steps: readonly MigrationStep[];
  /** The version that the last step leads to. */
  readonly target?: number;
}

const TOLD_EVERY_MS = 2_000;

/** What a folder says of its form. */
export interface FolderFormat {
  /** `undefined`: nothing is in the folder. */
  readonly version: number | undefined;
  /** Version that a conversion began from and has not finished; `undefined` where none is under way. */
  readonly migratingFrom: number | undefined;
}

export function readFormat(store: KeyValueStore): FolderFormat {
  const meta = new MetaStore(store);
  return { version: meta.formatVersion(), migratingFrom: meta.migratingFrom() };
}

/** Steps that lead from what is in the folder to `target`. @throws OperationError DATA_FORMAT where none do */
export function plannedSteps(
  { version, migratingFrom }: FolderFormat,
  steps: readonly MigrationStep[],
  target: number,
): readonly MigrationStep[] {
  if (version === undefined || (version === target && migratingFrom === undefined)) return [];
  const formats = `the data folder has format ${version}, this program reads ${target}`;
  if (version > target)
    throw new OperationError("DATA_FORMAT", `${formats}; a newer program wrote it, so start that one`);
  const isMarkTrue = migratingFrom === undefined || migratingFrom === version - 1;
  const first = migratingFrom ?? version;
  const planned = steps.filter(({ from }) => from >= first && from < target);
  if (isMarkTrue && planned.length === target - first) return planned;
  throw new OperationError(
    "DATA_FORMAT",
    `${formats} and converts from ${steps[0]?.from ?? target} on; delete the folder chain in dataDir, and nothing else, and start: the node fetches the chain anew from its peers`,
  );
}

/**
 * Runs the steps that a folder needs, one after the other; killed at any moment, it goes on at the next start. Before a
 * step begins the folder bears the version that it leads to, so that no older program takes it for its own, and the
 * version it comes from until the step has ended. Answers with the version it found if there was anything to do.
 *
 * @throws OperationError DATA_FORMAT where no steps lead here, or when the store fails
 */
export async function migrateData(store: KeyValueStore, options: MigrationOptions): Promise<number | null> {
  const { log, clock, steps, target = STORAGE_FORMAT_VERSION } = options;
  const format = readFormat(store);
  const planned = plannedSteps(format, steps, target);
  const meta = new MetaStore(store);
  for (const { from, what, run } of planned) {
    const isResumed = format.migratingFrom === from;
    log.warn("dataMigrating", { from, to: from + 1, what, isResumed });
    const before = new WriteBatch();
    meta.beginMigration(before, from);
    await store.write(before.operations, { sync: true });
    const startMs = clock.nowMs();
    let toldMs = startMs;
    let converted = 0;
    await run(store, (entries) => {
      converted = entries;
      const nowMs = clock.nowMs();
      if (nowMs - toldMs < TOLD_EVERY_MS) return;
      toldMs = nowMs;
      const perSecond = Math.round((entries * 1_000) / (nowMs - startMs));
      log.info("dataMigrationProgress", { from, to: from + 1, entries, perSecond });
    });
    const after = new WriteBatch();
    meta.endMigration(after);
    await store.write(after.operations, { sync: true });
    log.warn("dataMigrated", { from, to: from + 1, entries: converted, ms: Math.round(clock.nowMs() - startMs) });
  }
  assert(planned.length === 0 || readFormat(store).version === target, "the steps lead to today's version");
  return planned[0]?.from ?? null;
}
