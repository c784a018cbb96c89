// The suites other than state tests in full, and that each of them can fail.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PRAGUE } from "@festina/tvm";
import { describe, expect, it } from "@jest/globals";
import { ethereumTestsFolder, vectorsFolder, warnMissingVectors } from "./outsideVectors.ts";
import { runSuite, type SuiteName } from "./runSuites.ts";

const tests = ethereumTestsFolder();
if (tests === null) warnMissingVectors("RLPTests, TransactionTests, TrieTests and KeyStoreTests");

(tests === null ? describe.skip : describe)("ethereum/tests", () => {
  it.each([
    ["rlp", 55, 0],
    ["trie", 8, 13],
    ["keystore", 4, 1],
  ] as const)(
    "%s: everything passes",
    async (suite, passedMin, skippedMax) => {
      const counts = await runSuite({ suite, tests: tests ?? "" });
      expect(counts).toMatchObject({ failed: 0, failures: [] });
      expect(counts.passed).toBeGreaterThanOrEqual(passedMin);
      expect(counts.refused + counts.skipped).toBeLessThanOrEqual(skippedMax);
    },
    60_000,
  );

  it("transaction: everything passes but for what later rules refuse", async () => {
    const counts = await runSuite({ suite: "transaction", tests: tests ?? "" });
    expect(counts).toMatchObject({ failed: 0, failures: [], refused: 0 });
    expect(counts.passed).toBeGreaterThanOrEqual(190);
    const atPrague = await runSuite({ suite: "transaction", tests: tests ?? "", rules: PRAGUE });
    expect(atPrague).toMatchObject({ failed: 0, failures: [] });
    const later = atPrague.differences.map(({ name }) => name);
    expect(counts.differences.map(({ name }) => name)).toEqual(expect.arrayContaining(later));
    expect(counts.differences.length).toBeGreaterThan(later.length);
  }, 60_000);
});

const vectors = vectorsFolder();
if (vectors === null) warnMissingVectors("TrueHash's digests");

(vectors === null ? describe.skip : describe)("TrueHash", () => {
  it("digests and data sets are the original client's, on both kernels", async () => {
    const counts = await runSuite({ suite: "truehash", tests: join(vectors ?? "", "truehash") });
    expect(counts).toMatchObject({ failed: 0, failures: [], refused: 0, skipped: 0 });
    expect(counts.passed).toBeGreaterThanOrEqual(402);
  });

  it("fails on one wrong bit of a digest, of a data set, or of the table", async () => {
    const folder = mkdtempSync(join(tmpdir(), "festina-truehash-"));
    try {
      const place = join(vectors ?? "", "truehash");
      const table = readFileSync(join(place, "table-epoch0.u16le"));
      const content = JSON.parse(readFileSync(join(place, "vectors.json"), "utf8"));
      const wrong = (digest: string): string => `${digest.slice(0, -1)}${digest.endsWith("0") ? "1" : "0"}`;
      const first = content.table.cases[0];
      content.table.cases = [{ ...first, digest: wrong(first.digest) }];
      content.derived.sha3_256_8MiB = wrong(content.derived.sha3_256_8MiB);
      content.derived.cases = [];
      writeFileSync(join(folder, "vectors.json"), JSON.stringify(content));
      writeFileSync(join(folder, "table-epoch0.u16le"), table);
      const run = () => runSuite({ suite: "truehash", tests: folder });
      expect(await run()).toMatchObject({ passed: 1, failed: 3 });
      table.writeUInt16LE(2_000, 0);
      writeFileSync(join(folder, "table-epoch0.u16le"), table);
      expect(await run()).toMatchObject({ passed: 0, failed: 4 });
      writeFileSync(join(folder, "table-epoch0.u16le"), table.subarray(2));
      expect(await run()).toMatchObject({ passed: 0, failed: 2 });
      const rule = "sha256(uint64 little-endian index), index 5..10244";
      for (const [headerHashRule, reason] of [
        [rule, "0x"],
        ["keccak256(index), index 0..10239", "unknown rule"],
        ["sha256(uint32 big-endian index), index 0..10238", "unknown rule"],
      ]) {
        const derived = { ...content.derived, headerHashRule };
        writeFileSync(join(folder, "vectors.json"), JSON.stringify({ derived }));
        const { passed, failures } = await run();
        expect([passed, failures.length]).toEqual([0, 1]);
        expect(failures[0]?.reason).toContain(reason);
      }
      rmSync(join(folder, "vectors.json"));
      expect(await run()).toMatchObject({ passed: 0, failed: 0 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("a suite", () => {
  const run = async (suite: SuiteName, content: unknown) => {
    const folder = mkdtempSync(join(tmpdir(), "festina-suite-"));
    try {
      writeFileSync(join(folder, "some.json"), JSON.stringify(content));
      writeFileSync(join(folder, "secure.json"), JSON.stringify(content));
      return await runSuite({ suite, tests: folder, only: suite === "trie" ? "secure" : "some" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it.each([
    ["rlp", { wrong: { in: "dog", out: "0x83646f68" } }],
    ["rlp", { invalid: { in: "INVALID", out: "0x83646f67" } }],
    ["rlp", { noHex: { in: "dog", out: "dog" } }],
    ["trie", { wrong: { in: { dog: "puppy" }, root: `0x${"11".repeat(32)}` } }],
    ["transaction", { wrong: { txbytes: "0xf8", result: { Cancun: { hash: "0x", sender: "0x" } } } }],
    ["keystore", { wrong: { json: { version: 3 }, password: "", priv: "00" } }],
    ["state", { wrong: { pre: {}, post: { Osaka: [{ txbytes: "0x00" }] }, env: {}, transaction: {} } }],
  ] as const)("of %s can fail", async (suite, content) => {
    expect(await run(suite, content)).toMatchObject({ passed: 0, failed: 1 });
  });

  it.each(["state", "transaction", "rlp", "trie", "keystore"] as const)(
    "of %s finds nothing in other files",
    async (suite) => {
      for (const content of [null, 1, [], {}, { a: 1 }, { a: {} }, [{ in: 1 }]]) {
        expect(await run(suite, content)).toMatchObject({ passed: 0, failed: 0, skipped: 0 });
      }
    },
  );

  it("of state runs tests without bytes of the transaction", async () => {
    const sender = "0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b";
    const account = { nonce: "0x00", balance: "0xffffffffffff", code: "0x", storage: {} };
    const transaction = {
      ...{ nonce: "0x00", gasPrice: "0x0a", to: "", sender: "" },
      ...{ data: ["0x"], gasLimit: ["0x010000"], value: ["0x00"] },
      secretKey: "0x45a915e4d060149eb4365960e6a7a45f334393093061116b197e3240065ff2d8",
    };
    const env = {
      currentCoinbase: sender,
      currentGasLimit: "0x0f4240",
      currentNumber: "0x01",
      currentTimestamp: "0x01",
    };
    const expectation = { indexes: { data: 0, gas: 0, value: 0 }, hash: "0x", logs: "0x" };
    const content = { old: { pre: { [sender]: account }, post: { Osaka: [expectation] }, env, transaction } };
    // It got as far as comparing what came out.
    const { failures } = await run("state", content);
    expect(failures).toEqual([{ name: "old[0]", reason: "the logs differ" }]);
  });
});
