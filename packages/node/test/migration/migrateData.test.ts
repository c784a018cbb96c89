import { createMemoryStore } from "@festina/adapters";
import { type KeyValueStore, MetaStore, numberKey, TABLE, tableKey, type WriteOperation } from "@festina/storage";
import { describe, expect, it } from "@jest/globals";
import { type LogFacts, SILENT_LOG } from "../../src/log.ts";
import { type MigrationStep, migrateData, readFormat } from "../../src/migration/migrateData.ts";

const meta = (name: string): Uint8Array => tableKey(TABLE.meta, new TextEncoder().encode(name));
const FORMAT = meta("formatVersion");
const MIGRATING = meta("migratingFrom");
const ENTRIES = 23;
const PER_BATCH = 4;
const range = (byte: number) => ({ from: Uint8Array.of(byte), to: Uint8Array.of(byte + 1) });

/** Moves a table, adding one to every value: done twice to an entry, it shows. */
function moving(from: number, source: number, to: number): MigrationStep {
  return {
    from,
    what: `table ${source} becomes ${to}`,
    run: async (store, onProgress) => {
      for (let moved = 0; ; ) {
        const entries = await store.entries({ ...range(source), max: PER_BATCH });
        if (entries.length === 0) return;
        const batch = entries.flatMap(([key, value]): WriteOperation[] => [
          { type: "del", key },
          { type: "put", key: Uint8Array.of(to, ...key.subarray(1)), value: Uint8Array.of((value[0] as number) + 1) },
        ]);
        await store.write(batch);
        moved += entries.length;
        onProgress(moved);
      }
    },
  };
}

const STEPS = [moving(1, 0x70, 0x71), moving(2, 0x71, 0x72)];

async function anOldFolder(version = 1): Promise<KeyValueStore> {
  const store = createMemoryStore();
  await store.write([
    { type: "put", key: FORMAT, value: numberKey(version) },
    ...Array.from(
      { length: ENTRIES },
      (_, index): WriteOperation => ({
        type: "put",
        key: Uint8Array.of(0x70, index),
        value: Uint8Array.of(index),
      }),
    ),
  ]);
  return store;
}

function options(nowMs = () => 0) {
  const lines: (readonly [string, LogFacts])[] = [];
  const take = (event: string, facts: LogFacts = {}) => void lines.push([event, facts]);
  return { lines, log: { ...SILENT_LOG, info: take, warn: take }, clock: { nowMs }, steps: STEPS, target: 3 };
}

/** Ends with the process after so many batches; the one under way is there or not as a whole. */
function dying(store: KeyValueStore, batches: number): KeyValueStore {
  let left = batches;
  return {
    get: (key) => store.get(key),
    entries: (of) => store.entries(of),
    close: () => store.close(),
    write: async (batch, how) => {
      if (left-- === 0) throw new Error("killed");
      return store.write(batch, how);
    },
  };
}

const converted = async (store: KeyValueStore) =>
  (await store.entries(range(0x72))).map(([key, value]) => [key[1], value[0]]);
const EXPECTED = Array.from({ length: ENTRIES }, (_, index) => [index, index + 2]);

describe("a folder of an earlier format", () => {
  it("is converted step by step, with what is done and how fast in the log", async () => {
    const store = await anOldFolder();
    let now = 0;
    const given = options(() => {
      now += 900;
      return now;
    });
    expect(await migrateData(store, given)).toBe(1);
    expect(await converted(store)).toEqual(EXPECTED);
    expect(readFormat(store)).toEqual({ version: 3, migratingFrom: undefined });
    const events = given.lines.map(([event]) => event);
    expect(events.filter((event) => event === "dataMigrating")).toHaveLength(2);
    expect(events).toContain("dataMigrationProgress");
    expect(given.lines.at(-1)).toMatchObject(["dataMigrated", { from: 2, to: 3, entries: ENTRIES }]);
    expect(await migrateData(store, given)).toBeNull();
    expect(given.lines).toHaveLength(events.length);
  });

  it("is whole whenever the process was killed, however often", async () => {
    let kills = 0;
    for (let batches = 0; ; batches++) {
      const store = await anOldFolder();
      const died = await migrateData(dying(store, batches), options()).then(
        () => false,
        () => true,
      );
      if (!died) break;
      kills += 1;
      const { version, migratingFrom } = readFormat(store);
      // What an older program would open is untouched.
      if (version === 1) expect(await store.entries(range(0x70))).toHaveLength(ENTRIES);
      else if (migratingFrom === undefined) expect((await store.entries(range(0x71))).length).toBe(ENTRIES);
      // And killed once more in the next run.
      await migrateData(dying(store, 2), options()).catch(() => undefined);
      await migrateData(store, options());
      expect(await converted(store)).toEqual(EXPECTED);
      expect(readFormat(store)).toEqual({ version: 3, migratingFrom: undefined });
    }
    expect(kills).toBe(2 * (2 + Math.ceil(ENTRIES / PER_BATCH)));
  });

  it("of today, or empty, is left alone", async () => {
    const today = await anOldFolder(3);
    expect(await migrateData(today, options())).toBeNull();
    expect(await today.entries(range(0x70))).toHaveLength(ENTRIES);
    const empty = createMemoryStore();
    expect(await migrateData(empty, options())).toBeNull();
    expect(await empty.entries({ from: Uint8Array.of(0), to: Uint8Array.of(255) })).toEqual([]);
  });

  it.each([
    ["newer than ours", { version: numberKey(4) }, /a newer program wrote it, so start that one/],
    ["half converted by a newer one", { version: numberKey(4), from: numberKey(3) }, /a newer program wrote it/],
    ["older than the first step", { version: numberKey(0) }, /converts from 1 on; delete the folder chain in dataDir/],
    ["that is no version", { version: new Uint8Array(200).fill(255) }, /a newer program wrote it/],
    ["with no bytes", { version: new Uint8Array() }, /delete the folder chain/],
    ["with a mark of another step", { version: numberKey(3), from: numberKey(1) }, /delete the folder chain/],
    ["with a mark of itself", { version: numberKey(3), from: numberKey(3) }, /delete the folder chain/],
    ["with a mark without end", { version: numberKey(2), from: new Uint8Array(99).fill(7) }, /delete the folder chain/],
  ])("%s is refused untouched", async (_what, { version, from }: { version: Uint8Array; from?: Uint8Array }, said) => {
    const store = await anOldFolder();
    await store.write([{ type: "put", key: FORMAT, value: version }]);
    if (from !== undefined) await store.write([{ type: "put", key: MIGRATING, value: from }]);
    await expect(migrateData(store, options())).rejects.toMatchObject({
      code: "DATA_FORMAT",
      message: expect.stringMatching(said),
    });
    expect(await store.entries(range(0x70))).toHaveLength(ENTRIES);
    expect(store.get(FORMAT)).toEqual(version);
  });

  it("without a step for it names none, and is the program's own word for what it writes", async () => {
    const store = await anOldFolder(2);
    await expect(migrateData(store, { ...options(), steps: [] })).rejects.toMatchObject({ code: "DATA_FORMAT" });
    expect(new MetaStore(store).migratingFrom()).toBeUndefined();
  });
});
