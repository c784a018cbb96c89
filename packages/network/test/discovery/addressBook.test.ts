import { describe, expect, it } from "@jest/globals";
import { AddressBook } from "../../src/discovery/addressBook.ts";
import { decodeBookFile, encodeBookFile } from "../../src/discovery/bookFile.ts";
import { SLOTS_PER_BUCKET, TABLES } from "../../src/discovery/bookPlacement.ts";
import type { NodeRecord } from "../../src/discovery/nodeRecord.ts";
import { fakeRecord } from "./testRecords.ts";

const KEY = new Uint8Array(32).fill(3);
const FORGET = { new: 3, tried: 10 };

function insert(book: AddressBook, record: NodeRecord, source: string): string {
  const [address] = record.addresses;
  return address === undefined ? "none" : book.insert(record, address, source);
}

/** Honest nodes in networks of their own that were all reached once. */
function bookOfTried(count: number): { readonly book: AddressBook; readonly honest: readonly NodeRecord[] } {
  const book = new AddressBook(KEY);
  const honest = Array.from({ length: count }, (_, index) => fakeRecord(1_000_000 + index, `${20 + index}.1.1.1`));
  for (const [index, record] of honest.entries()) {
    insert(book, record, `${index}.7`);
    book.succeeded(record.nodeId);
  }
  return { book, honest: honest.filter(({ nodeId }) => book.get(nodeId)?.table === "tried") };
}

const fakes = (count: number, groups: number): readonly NodeRecord[] =>
  Array.from({ length: count }, (_, index) =>
    fakeRecord(index, `66.${index % groups}.${(index >> 8) & 0xff}.${index & 0xff}`, 1_000 + (index % 60_000)),
  );

/** Made once: their names are hashes. */
const FROM_FEW = fakes(10_000, 4);

describe("the address book", () => {
  it("keeps every tried node, whatever 10,000 fake addresses come from few networks", () => {
    const { book, honest } = bookOfTried(40);
    expect(honest.length).toBeGreaterThan(35);
    for (const record of FROM_FEW) insert(book, record, "66.6");
    for (const { nodeId } of honest) expect(book.get(nodeId)?.table).toBe("tried");
    // One teller reaches 16 buckets of 128.
    expect(book.size("new")).toBeLessThanOrEqual(TABLES.new.bucketsPerGroup * SLOTS_PER_BUCKET + 40);
    expect(book.entries().length).toBe(book.size("new") + book.size("tried"));
  });

  it("stays bounded when they come from everywhere, and still keeps the tried", () => {
    const { book, honest } = bookOfTried(40);
    for (const [index, record] of fakes(10_000, 250).entries()) insert(book, record, `${index % 200}.${index % 251}`);
    expect(book.size("new")).toBeLessThanOrEqual(TABLES.new.buckets * SLOTS_PER_BUCKET);
    expect(honest.every(({ nodeId }) => book.get(nodeId)?.table === "tried")).toBe(true);
  });

  it("gives one network few of the tried places, even if every fake answers", () => {
    const { book, honest } = bookOfTried(40);
    for (const record of FROM_FEW) {
      insert(book, record, `${record.sequence}.${record.addresses[0]?.port ?? 0}`);
      book.succeeded(record.nodeId);
    }
    expect(honest.every(({ nodeId }) => book.get(nodeId)?.table === "tried")).toBe(true);
    const hostile = book.entries("tried").filter(({ address }) => address.host.startsWith("66."));
    expect(hostile.length).toBeLessThanOrEqual(4 * TABLES.tried.bucketsPerGroup * SLOTS_PER_BUCKET);
  });

  it("places the same addresses elsewhere under another key", () => {
    const kept = [1, 2].map((key) => {
      const book = new AddressBook(new Uint8Array(32).fill(key));
      for (const record of FROM_FEW.slice(0, 2_000)) insert(book, record, "66.6");
      return new Set(book.entries().map(({ record }) => record.nodeId));
    });
    const [first = new Set(), second = new Set()] = kept;
    expect([...first].some((nodeId) => !second.has(nodeId))).toBe(true);
  });

  it("forgets who never answers, and lets another have the place of who fails", () => {
    const book = new AddressBook(KEY);
    const record = fakeRecord(1, "9.9.9.9");
    insert(book, record, "1.1");
    book.failed(record.nodeId, 500, FORGET);
    expect(book.get(record.nodeId)).toMatchObject({ failures: 1, dialAtMs: 500, table: "new" });
    book.failed(record.nodeId, 500, FORGET);
    book.failed(record.nodeId, 500, FORGET);
    expect(book.get(record.nodeId)).toBeUndefined();
    expect(book.size("new")).toBe(0);
  });

  it("has a tried node that fails make room for one that answers", () => {
    const { book, honest } = bookOfTried(40);
    const [old] = honest;
    if (old === undefined) throw new Error("no node was tried");
    const address = book.get(old.nodeId)?.address ?? { host: "", port: 0 };
    // The same address under another name: the same place.
    const heir = fakeRecord(77, address.host, address.port);
    insert(book, heir, "5.5");
    book.succeeded(heir.nodeId);
    expect([book.get(old.nodeId)?.table, book.get(heir.nodeId)?.table]).toEqual(["tried", "new"]);
    book.failed(old.nodeId, 0, FORGET);
    book.succeeded(heir.nodeId);
    expect(book.get(heir.nodeId)?.table).toBe("tried");
    expect(book.get(old.nodeId)?.table).not.toBe("tried");
  });

  it("follows a node to a new address, and takes no older record", () => {
    const book = new AddressBook(KEY);
    const before = fakeRecord(1, "9.9.9.9");
    insert(book, before, "1.1");
    book.succeeded(before.nodeId);
    const moved = { ...fakeRecord(1, "8.8.8.8"), sequence: 2 };
    expect(insert(book, moved, "1.1")).toBe("updated");
    expect(book.get(before.nodeId)).toMatchObject({ table: "new", address: { host: "8.8.8.8" } });
    expect(insert(book, before, "1.1")).toBe("known");
  });
});

describe("the file of the address book", () => {
  it("brings back both tables", () => {
    const { book } = bookOfTried(20);
    for (const record of fakes(300, 9)) insert(book, record, "66.6");
    const saved = decodeBookFile(encodeBookFile(42, book.entries()));
    if (!saved.ok) throw new Error(saved.error.message);
    expect(saved.value.ownSequence).toBe(42);
    const again = new AddressBook(KEY);
    for (const { record, sourceGroup, table, failures } of saved.value.entries) {
      const [address] = record.addresses;
      if (address !== undefined) again.restore(record, address, sourceGroup, table, failures);
    }
    expect([again.size("new"), again.size("tried")]).toEqual([book.size("new"), book.size("tried")]);
  });

  it("is nothing at all when one byte is wrong, and says so of a later version", () => {
    const file = encodeBookFile(1, bookOfTried(3).book.entries());
    for (let at = 0; at < file.length; at += 7) {
      const damaged = file.slice();
      damaged[at] = (damaged[at] as number) ^ 1;
      expect(decodeBookFile(damaged)).toMatchObject({ ok: false, error: { code: "BOOK_DAMAGED" } });
    }
    expect(decodeBookFile(new Uint8Array(0)).ok).toBe(false);
  });
});
