import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OperationError } from "@festina/primitives";
import { describeKeyValueStore } from "@festina/storage/testing";
import { afterAll, describe, expect, it } from "@jest/globals";
import { openLevelStore } from "../../src/level/levelStore.ts";

const scratch = mkdtempSync(join(tmpdir(), "festina-level-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => join(scratch, `${folders++}`, "store");

describeKeyValueStore("level store", () => openLevelStore(newFolder()));

describe("level store", () => {
  it("keeps everything when it is closed and opened again", async () => {
    const folder = newFolder();
    const first = await openLevelStore(folder);
    await first.write([{ type: "put", key: Uint8Array.of(1), value: Uint8Array.of(2) }], { sync: true });
    await first.close();
    const second = await openLevelStore(folder);
    expect([...(second.get(Uint8Array.of(1)) as Uint8Array)]).toEqual([2]);
    await second.close();
  });

  it("says so when the folder is in use", async () => {
    const folder = newFolder();
    const store = await openLevelStore(folder);
    const second = openLevelStore(folder);
    await expect(second).rejects.toBeInstanceOf(OperationError);
    await expect(second).rejects.toMatchObject({
      code: "STORE_LOCKED",
      message: expect.stringContaining("another process uses this data folder"),
    });
    await store.close();
  });

  it("fails with a code where no folder can be", async () => {
    const file = join(scratch, "file");
    writeFileSync(file, "not a folder");
    await expect(openLevelStore(join(file, "store"))).rejects.toMatchObject({ code: "STORE_OPEN_FAILED" });
  });

  it("refuses work after it was closed", async () => {
    const store = await openLevelStore(newFolder());
    await store.close();
    expect(() => store.get(Uint8Array.of(1))).toThrow(expect.objectContaining({ code: "STORE_CLOSED" }));
    const put = { type: "put" as const, key: Uint8Array.of(1), value: Uint8Array.of(1) };
    await expect(store.write([put])).rejects.toMatchObject({ code: "STORE_CLOSED" });
    const range = { from: Uint8Array.of(0), to: Uint8Array.of(9) };
    await expect(store.entries(range)).rejects.toMatchObject({ code: "STORE_CLOSED" });
  });

  it.each([10, 100_000])("writes batches of %i bytes whole, in their order, and synced or not", async (bytes) => {
    const folder = newFolder();
    const store = await openLevelStore(folder);
    const [first, second] = [Uint8Array.of(1), Uint8Array.of(2)];
    for (const sync of [false, true]) {
      await store.write(
        [
          { type: "put", key: first, value: new Uint8Array(bytes).fill(1) },
          { type: "put", key: second, value: Uint8Array.of(3) },
          { type: "put", key: first, value: Uint8Array.of(4) },
          { type: "del", key: second },
        ],
        { sync },
      );
      expect(store.get(first)).toEqual(Uint8Array.of(4));
      expect(store.get(second)).toBeUndefined();
    }
    await store.write([]);
    await store.close();
    const again = await openLevelStore(folder);
    expect(again.get(first)).toEqual(Uint8Array.of(4));
    await again.close();
  });

  it("answers plain arrays, whose slices are copies", async () => {
    const store = await openLevelStore(newFolder());
    await store.write([{ type: "put", key: Uint8Array.of(1), value: Uint8Array.of(2, 3) }]);
    const value = store.get(Uint8Array.of(1)) as Uint8Array;
    const copy = value.slice();
    copy[0] = 9;
    expect([...value]).toEqual([2, 3]);
    await store.close();
  });
});
