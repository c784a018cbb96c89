import { readFileSync } from "node:fs";
import { join } from "node:path";
import { keccak256 } from "@festina/crypto";
import { hexToBytes } from "@festina/primitives";
import { MerkleTrie } from "@festina/state";
import { EMPTY_ROOT } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { ethereumTestsFolder, warnMissingVectors } from "./outsideVectors.ts";

interface TrieCase {
  /** Changes in order, or any order when they are fields of an object; `null` removes. */
  readonly in: readonly (readonly [string, string | null])[] | Readonly<Record<string, string>>;
  readonly root: string;
}

const FILES = ["trietest_secureTrie.json", "trieanyorder_secureTrie.json", "hex_encoded_securetrie_test.json"];
const folder = ethereumTestsFolder();
if (folder === null) warnMissingVectors("TrieTests");

const bytesOf = (text: string): Uint8Array => (text.startsWith("0x") ? hexToBytes(text) : Buffer.from(text, "utf8"));

function rootAfter(changes: readonly (readonly [string, string | null])[]): string {
  const trie = new MerkleTrie(EMPTY_ROOT, () => undefined, keccak256);
  for (const [key, value] of changes) {
    if (value === null) trie.delete(keccak256(bytesOf(key)));
    else trie.put(keccak256(bytesOf(key)), bytesOf(value));
  }
  return trie.commit().root;
}

describe("TrieTests of ethereum/tests, keys hashed", () => {
  if (folder === null) {
    it("is skipped, because there are no outside vectors", () => expect(folder).toBeNull());
    return;
  }
  for (const file of FILES) {
    it(file, () => {
      const cases = JSON.parse(readFileSync(join(folder, "TrieTests", file), "utf8")) as Record<string, TrieCase>;
      expect(Object.keys(cases).length).toBeGreaterThan(1);
      for (const [name, { in: changes, root }] of Object.entries(cases)) {
        const wanted = root.startsWith("0x") ? root : `0x${root}`;
        if (Array.isArray(changes)) {
          expect([name, rootAfter(changes)]).toEqual([name, wanted]);
          continue;
        }
        const entries = Object.entries(changes as Readonly<Record<string, string>>);
        expect([name, rootAfter(entries)]).toEqual([name, wanted]);
        expect([name, rootAfter([...entries].reverse())]).toEqual([name, wanted]);
      }
    });
  }
});
