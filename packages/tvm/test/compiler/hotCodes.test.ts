import type { Hash32 } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import {
  type CompileAnswer,
  HOT_CODE_LIMITS,
  type HotCodeLimits,
  HotCodes,
  hotGasOf,
  type RefusalReason,
} from "../../src/index.ts";

const hashOf = (index: number): Hash32 => `0x${index.toString(16).padStart(64, "0")}` as Hash32;
const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** A compiler that answers when the test says so. */
function aCompiler(limits: Partial<HotCodeLimits> = {}) {
  const asked: { readonly code: Uint8Array; readonly answer: (answer: CompileAnswer) => void }[] = [];
  const hotCodes = new HotCodes(
    { compile: (code, answer) => void asked.push({ code, answer }) },
    { ...HOT_CODE_LIMITS, ...limits },
  );
  const note = (index: number): boolean => hotCodes.noteHot(hashOf(index), Uint8Array.of(index));
  const next = (): (typeof asked)[number] => {
    const job = asked.shift();
    if (job === undefined) throw new Error("nothing is asked for");
    return job;
  };
  const compiled = (moduleBytes: number): CompileAnswer => ({
    kind: "compiled",
    module: new WebAssembly.Module(EMPTY_MODULE),
    functions: Uint32Array.of(0, 0),
    moduleBytes,
    ms: 2,
  });
  const compile = (moduleBytes = 100): void => next().answer(compiled(moduleBytes));
  const refuse = (reason: RefusalReason): void => next().answer({ kind: "refused", reason, ms: 3 });
  return { hotCodes, asked, note, compile, refuse };
}

describe("hot codes", () => {
  it("are compiled one at a time, in order, each once", () => {
    const { hotCodes, asked, note, compile } = aCompiler();
    for (const index of [1, 2, 1, 2]) expect(note(index)).toBe(true);
    expect(asked.map(({ code }) => code[0])).toEqual([1]);
    expect(hotCodes.find(hashOf(1))).toBeNull();
    compile();
    expect(hotCodes.find(hashOf(1))).not.toBeNull();
    expect(asked.map(({ code }) => code[0])).toEqual([2]);
    compile();
    expect(note(1)).toBe(true);
    expect(asked).toEqual([]);
    expect(hotCodes.status).toMatchObject({ compiled: 2, waiting: 0, compileMs: 4, liveModules: 2, liveBytes: 816 });
  });

  it("wait in a queue that has an end", () => {
    const { hotCodes, note, compile } = aCompiler({ queueMax: 2 });
    expect([1, 2, 3, 4].map(note)).toEqual([true, true, true, false]);
    expect(hotCodes.status.waiting).toBe(3);
    compile();
    expect(note(4)).toBe(true);
  });

  it("stay with the interpreter once refused, and the reason is counted", () => {
    const { hotCodes, asked, note, refuse } = aCompiler();
    note(1);
    refuse("MODULE_TOO_LARGE");
    note(2);
    refuse("TOO_SLOW");
    expect([note(1), note(2)]).toEqual([true, true]);
    expect(asked).toEqual([]);
    expect(hotCodes.status.refused).toEqual({ MODULE_TOO_LARGE: 1, TOO_SLOW: 1 });
    expect(hotCodes.status.compileMs).toBe(6);
  });

  it("make room by number and by bytes for what was used more recently", () => {
    const { hotCodes, note, compile } = aCompiler({ modulesMax: 3, bytesMax: 4_000 });
    for (const index of [1, 2, 3]) {
      note(index);
      compile(300);
    }
    hotCodes.find(hashOf(1));
    note(4);
    compile(300);
    expect([1, 2, 3, 4].map((index) => hotCodes.has(hashOf(index)))).toEqual([true, false, true, true]);
    note(5);
    compile(500);
    expect([1, 3, 4, 5].map((index) => hotCodes.has(hashOf(index)))).toEqual([false, false, true, true]);
    expect(hotCodes.status).toMatchObject({ evicted: 3, liveModules: 2, liveBytes: 3_216 });
    expect(hotCodes.removals).toBe(3);
    note(6);
    compile(2_000);
    expect(hotCodes.status).toMatchObject({ liveModules: 0, liveBytes: 0 });
  });

  it("are barred while they are compiled, and after", () => {
    const { hotCodes, note, compile } = aCompiler();
    note(1);
    hotCodes.bar(hashOf(1), "ENGINE_FAULT");
    compile();
    expect(hotCodes.has(hashOf(1))).toBe(false);
    note(2);
    compile();
    hotCodes.bar(hashOf(2), "ENGINE_FAULT");
    hotCodes.bar(hashOf(2), "ENGINE_FAULT");
    expect([hotCodes.has(hashOf(2)), note(2)]).toEqual([false, true]);
    expect(hotCodes.status).toMatchObject({ refused: { ENGINE_FAULT: 2 }, liveBytes: 0, waiting: 0 });
  });

  it("count the functions of a module, too: each is kept with what belongs to it", () => {
    const { hotCodes, note, asked } = aCompiler({ bytesMax: 10_000 });
    const module = new WebAssembly.Module(EMPTY_MODULE);
    note(1);
    const functions = Uint32Array.from({ length: 5 }, (_, index) => index);
    asked.shift()?.answer({ kind: "compiled", module, functions, moduleBytes: 100, ms: 1 });
    expect(hotCodes.status.liveBytes).toBe(400 + 4 * 2_048 + 20);
    note(2);
    asked.shift()?.answer({ kind: "compiled", module, functions, moduleBytes: 100, ms: 1 });
    expect([hotCodes.has(hashOf(1)), hotCodes.has(hashOf(2))]).toEqual([false, true]);
  });

  it("remember no more refusals than they may", () => {
    const { note, asked, refuse } = aCompiler({ refusedMax: 2 });
    for (const index of [1, 2, 3]) {
      note(index);
      refuse("CODE_TOO_LONG");
    }
    note(3);
    expect(asked).toEqual([]);
    note(1);
    expect(asked).toHaveLength(1);
  });

  it("become hot later the longer they are", () => {
    expect(hotGasOf(0)).toBeGreaterThan(0n);
    expect(hotGasOf(24_576)).toBeGreaterThan(20n * hotGasOf(100));
  });
});
