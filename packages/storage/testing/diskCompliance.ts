import { describe, expect, it } from "@jest/globals";
import type { Disk } from "../src/disk.ts";

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

/** What every disk must do while nothing fails; each adapter's test is a call of this. */
export function describeDisk(name: string, create: () => Disk): void {
  describe(`${name} as a Disk`, () => {
    it("makes a file when it is opened, and gives back what was appended", () => {
      const disk = create();
      expect(disk.exists("a")).toBe(false);
      const file = disk.open("a");
      expect(disk.exists("a")).toBe(true);
      expect(file.size).toBe(0);
      file.append(bytes(1, 2, 3));
      file.append(bytes(4));
      file.sync();
      expect(file.size).toBe(4);
      file.close();
      const again = disk.open("a");
      expect([...again.readAll()]).toEqual([1, 2, 3, 4]);
      again.append(bytes(5));
      expect([...again.readAll()]).toEqual([1, 2, 3, 4, 5]);
      again.close();
    });

    it("overwrites in place, truncates, and appends behind the cut", () => {
      const file = create().open("a");
      file.append(bytes(1, 2, 3, 4));
      file.overwrite(1, bytes(9, 8));
      expect([...file.readAll()]).toEqual([1, 9, 8, 4]);
      file.truncate(2);
      file.append(bytes(7));
      expect([...file.readAll()]).toEqual([1, 9, 7]);
      expect(() => file.overwrite(2, bytes(1, 1))).toThrow();
      file.close();
    });

    it("replaces a file whole", () => {
      const disk = create();
      disk.replace("a", bytes(1));
      const file = disk.open("a");
      file.append(bytes(2));
      file.close();
      disk.replace("a", bytes(5, 6, 7));
      const again = disk.open("a");
      expect([...again.readAll()]).toEqual([5, 6, 7]);
      again.close();
      expect(disk.exists("b")).toBe(false);
    });

    it("hands out bytes that are the caller's own", () => {
      const disk = create();
      const given = bytes(1, 2);
      disk.replace("a", given);
      given.fill(0);
      const file = disk.open("a");
      file.readAll().fill(7);
      expect([...file.readAll()]).toEqual([1, 2]);
      file.close();
    });
  });
}
