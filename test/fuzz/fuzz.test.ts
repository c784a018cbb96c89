// Short forms of `npm run fuzz -- tvm`: a fixed seed on all engines, cases of the past, and a wrong engine that must be found.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createCompilerEngine, createInterpreterEngine, createReferenceEngine } from "@festina/adapters";
import type { Address, Hex } from "@festina/primitives";
import type { Engine } from "@festina/tvm";
import { CONTRACT } from "@festina/tvm/testing";
import { afterAll, describe, expect, it } from "@jest/globals";
import { Corpus } from "./corpus.ts";
import { CHAIN_ID, differenceOf, type FuzzCase } from "./fuzzCase.ts";
import { fuzzPrograms, INPUTS_PER_PROGRAM, NOTHING_COUNTED } from "./fuzzPrograms.ts";
import { minimiseCase } from "./minimiseCase.ts";
import { Progress } from "./progress.ts";

const PROGRAMS = 50;
const FUZZ = fileURLToPath(new URL("../../scripts/fuzz.mjs", import.meta.url));
const CASES = join(dirname(fileURLToPath(import.meta.url)), "cases");

const interpreter = createInterpreterEngine();
const engines = [interpreter, createCompilerEngine(), createReferenceEngine({ chainId: CHAIN_ID })];

const caseOf = (code: Hex, gasLimit = 100_000): FuzzCase => ({
  codes: { [CONTRACT]: code } as Record<Address, Hex>,
  input: { isCreation: false, data: "0x", gasLimit, valueWei: 0, isStatic: false },
});

describe("interpreter, compiler and reference engine", () => {
  it(`agree on ${PROGRAMS} programs with ${INPUTS_PER_PROGRAM} inputs each`, async () => {
    const counts = { ...NOTHING_COUNTED };
    const found: FuzzCase[] = [];
    await fuzzPrograms({
      // Its first programs end in all three ways.
      seed: 3,
      corpus: new Corpus({ programs: [], seen: [] }),
      counts,
      referenceEvery: 5,
      isNew: () => true,
      onDifference: (smallest) => found.push(smallest),
      goesOn: () => counts.programs < PROGRAMS,
    });
    expect(found).toEqual([]);
    expect(counts).toMatchObject({ programs: PROGRAMS, executions: PROGRAMS * INPUTS_PER_PROGRAM, differences: 0 });
    expect(counts.success).toBeGreaterThan(counts.executions / 20);
    expect(counts.revert).toBeGreaterThan(0);
    expect(counts.halt).toBeGreaterThan(0);
  }, 60_000);

  it.each(readdirSync(CASES))("agree on %s", async (file) => {
    const known = JSON.parse(readFileSync(join(CASES, file), "utf8")) as FuzzCase;
    expect(await differenceOf(known, engines)).toBeNull();
  });
});

describe("a wrong engine", () => {
  /** Uses one gas too many whenever the code ends well after SLOAD. */
  const wrong: Engine = {
    name: "wrong",
    async run(call, view, block) {
      const outcome = await interpreter.run(call, view, block);
      const isWrong = outcome.kind === "success" && view.getCode(CONTRACT).includes(0x54);
      return isWrong ? { ...outcome, gasLeft: outcome.gasLeft - 1n } : outcome;
    },
  };

  it("is found, and the case becomes as small as it can", async () => {
    // PUSH1 5 PUSH1 7 ADD POP PUSH1 1 SLOAD POP PUSH1 3 POP
    const large = caseOf("0x600560070150600154506003506005600701506001545000");
    const differs = async (smaller: FuzzCase) => (await differenceOf(smaller, [interpreter, wrong])) !== null;
    expect(await differs(large)).toBe(true);
    const smallest = await minimiseCase(large, differs);
    // The instruction itself and what it needs to end well: its operand.
    expect((smallest.codes[CONTRACT] ?? "").length).toBeLessThanOrEqual(2 + 2 * 3);
    expect(await differs(smallest)).toBe(true);
  });

  it("that breaks is a difference, too", async () => {
    const broken: Engine = { name: "broken", run: () => Promise.reject(new Error("no")) };
    expect(await differenceOf(caseOf("0x00"), [interpreter, broken])).toMatchObject({ broken: "broke: Error: no" });
    expect(await differenceOf(caseOf("0x00"), engines)).toBeNull();
  });
});

describe("a folder of progress", () => {
  const folder = mkdtempSync(join(tmpdir(), "festina-fuzz-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is filled by one process at a time, and goes on where it was left", () => {
    const progress = new Progress(folder, 1);
    expect(() => new Progress(folder, 1)).toThrow(expect.objectContaining({ code: "FUZZ_RUNNING" }));
    expect(progress.isNew(Uint8Array.of(1))).toBe(true);
    progress.close();
    const next = new Progress(folder, 1);
    expect([next.isNew(Uint8Array.of(1)), next.isNew(Uint8Array.of(2))]).toEqual([false, true]);
    next.close();
    expect(() => new Progress(folder, 2)).toThrow(RangeError);
  });

  it("puts by what the engines agree on now, and keeps the rest", async () => {
    const state = join(folder, "cases");
    const progress = new Progress(state, 1);
    const kept = caseOf("0x01");
    for (const found of [caseOf("0x00"), kept]) {
      progress.counts.differences += 1;
      progress.saveCase(found, {});
    }
    progress.close();
    const next = new Progress(state, 1);
    const settled = await next.judgeAgain(async ({ codes }) => codes[CONTRACT] === kept.codes[CONTRACT]);
    expect(settled).toEqual([join(state, "cases", "settled-0-1.json")]);
    expect(next.counts.differences).toBe(1);
    expect(await next.judgeAgain(async () => true)).toEqual([]);
    next.close();
  });

  it("is saved and given back when the sitting is interrupted", async () => {
    const state = join(folder, "interrupted");
    const sitting = spawn(process.execPath, [FUZZ, "tvm", "--minutes", "5", "--state", state], { stdio: "ignore" });
    const ended = new Promise((resolve) => sitting.once("close", resolve));
    while (!existsSync(join(state, "progress.lock"))) await pause(50);
    sitting.kill("SIGINT");
    expect(await ended).toBe(0);
    expect(JSON.parse(readFileSync(join(state, "progress.json"), "utf8"))).toMatchObject({ seed: 1 });
    expect(existsSync(join(state, "progress.lock"))).toBe(false);
  }, 120_000);
});
