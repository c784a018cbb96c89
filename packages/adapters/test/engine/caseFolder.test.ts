import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EngineCase, parseEngineCase } from "@festina/tvm";
import { afterAll, describe, expect, it } from "@jest/globals";
import { saveEngineCase } from "../../src/index.ts";
import { BLOCK, CONTRACT, callTo } from "../interpreter/anEngineRun.ts";

describe("kept engine cases", () => {
  const folder = mkdtempSync(join(tmpdir(), "festina-cases-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const aCase = (reason: string, code = new Uint8Array(2)): EngineCase => ({
    reason,
    call: callTo(CONTRACT),
    block: BLOCK,
    accounts: new Map([[CONTRACT, { account: null, code, storage: new Map([[1n, 2n]]), hasStorage: null }]]),
    blockHashes: new Map(),
  });

  it("are files, each case once, and no more than so many", () => {
    const cases = join(folder, "cases");
    const file = saveEngineCase(cases, aCase("first"));
    expect(saveEngineCase(cases, aCase("first"))).toBe(file);
    const read = parseEngineCase(readFileSync(file, "utf8"));
    expect(read.ok && [read.value.reason, read.value.accounts.get(CONTRACT)?.storage]).toEqual([
      "first",
      new Map([[1n, 2n]]),
    ]);
    for (let index = 0; index < 40; index++) saveEngineCase(cases, aCase(`${index}`));
    expect(readdirSync(cases)).toHaveLength(32);
    expect(saveEngineCase(cases, aCase("one more"))).toContain("not kept");
  });

  it("are left out when they are too large, or the disk fails", () => {
    expect(saveEngineCase(join(folder, "large"), aCase("large", new Uint8Array(5_000_000)))).toContain("not kept");
    const occupied = join(folder, "occupied");
    writeFileSync(occupied, "");
    expect(saveEngineCase(occupied, aCase("nowhere"))).toContain("not kept");
  });
});
