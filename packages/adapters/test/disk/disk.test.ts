import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeDisk } from "@festina/storage/testing";
import { afterAll, describe, expect, it } from "@jest/globals";
import { createFileDisk } from "../../src/disk/fileDisk.ts";
import { createMemoryDisk } from "../../src/disk/memoryDisk.ts";

const folder = mkdtempSync(join(tmpdir(), "festina-disk-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let disks = 0;

describeDisk("a folder", () => createFileDisk(join(folder, String(disks++))));
describeDisk("memory", createMemoryDisk);

describe("a folder that cannot be used", () => {
  it("says what failed, as an OperationError", () => {
    const disk = createFileDisk(join(folder, "broken"));
    expect(() => disk.replace("no/such/place", Uint8Array.of(1))).toThrow(
      expect.objectContaining({ name: "OperationError", code: "DISK_FAILED" }),
    );
    const file = disk.open("closed");
    file.close();
    expect(() => file.append(Uint8Array.of(1))).toThrow(expect.objectContaining({ code: "DISK_FAILED" }));
    expect(() => file.sync()).toThrow(expect.objectContaining({ code: "DISK_FAILED" }));
  });
});
