import { basename } from "node:path";
import { keccak256 } from "@festina/crypto";
import { hexToBytes } from "@festina/primitives";
import { MerkleTrie } from "@festina/state";
import { EMPTY_ROOT } from "@festina/types";
import { judge, type Suite, type Verdict } from "./suite.ts";
import { readTests, testFilesOf } from "./testFiles.ts";

/** In this order, or in any when they are fields of an object; `null` removes. */
type Changes = readonly (readonly [string, string | null])[];

const FOLDERS = ["TrieTests"];

/** Tries of the state have hashed keys: the tests whose files say so. */
export const trieSuite: Suite = async (folder, { every, only }, tally) => {
  for (const file of testFilesOf(folder, FOLDERS, only)) {
    const isSecure = /secure/i.test(basename(file));
    for (const [name, { in: changes, root }] of readTests(file)) {
      if (typeof changes !== "object" || changes === null || !tally.isNext(every)) continue;
      if (!isSecure || typeof root !== "string") tally.count(name, { kind: "skipped", reason: "keys are not hashed" });
      else tally.count(name, await judge(() => judgeTrie(changes, root)));
    }
  }
};

function judgeTrie(changes: object, root: string): Verdict {
  const wanted = root.startsWith("0x") ? root : `0x${root}`;
  const entries = Object.entries(changes);
  const orders: readonly Changes[] = Array.isArray(changes) ? [changes] : [entries, [...entries].reverse()];
  const wrong = orders.map(rootAfter).find((found) => found !== wanted);
  return wrong === undefined ? { kind: "passed" } : { kind: "failed", reason: `the root is ${wrong}` };
}

function rootAfter(changes: Changes): string {
  const trie = new MerkleTrie(EMPTY_ROOT, () => undefined, keccak256);
  for (const [key, value] of changes) {
    if (value === null) trie.delete(keccak256(bytesOf(key)));
    else trie.put(keccak256(bytesOf(key)), bytesOf(value));
  }
  return trie.commit().root;
}

const bytesOf = (text: string): Uint8Array => (text.startsWith("0x") ? hexToBytes(text) : Buffer.from(text, "utf8"));
