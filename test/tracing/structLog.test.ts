// Struct logs against the steps of the reference engine's library, on programs nobody chose.
import { createInterpreterEngine, loadTracingEngine } from "@festina/adapters";
import type { Address } from "@festina/primitives";
import { type EngineCall, type StructLog, StructLogger } from "@festina/tvm";
import { BLOCK, CONTRACT } from "@festina/tvm/testing";
import { describe, expect, it } from "@jest/globals";
import { type ReferenceStep, referenceSteps } from "../../packages/adapters/test/tracing/referenceSteps.ts";
import { Corpus } from "../fuzz/corpus.ts";
import { callOf, createWorld, runCase } from "../fuzz/fuzzCase.ts";
import { drawInput, drawOthers, drawProgram } from "../fuzz/programSource.ts";
import { WorldRun } from "../fuzz/programWorld.ts";

const PROGRAMS = 30;
const INPUTS = 3;
/** Of a run: loops tell nothing new after so many. */
const STEPS_MAX = 200;
const ALL = { withMemory: true, withStack: true, withStorage: true, withReturnData: true, limit: STEPS_MAX };

const tracing = await loadTracingEngine();
const interpreter = createInterpreterEngine();

async function trace(call: EngineCall, world: ReturnType<typeof createWorld>) {
  const logger = new StructLogger(ALL);
  const run = await runCase(tracing.on(logger), call, world);
  return { logs: logger.logs, run };
}

/**
 * The library tells an instruction once it has priced it; one that cannot be paid for is ours alone, and its code ends.
 * Memory is told before and after it has grown, so what counts is what it holds.
 */
function linesOf(ours: readonly StructLog[], theirs: readonly ReferenceStep[]): [string[], string[]] {
  const lines: [string[], string[]] = [[], []];
  let at = 0;
  for (const [index, log] of ours.entries()) {
    const step = theirs[at];
    const isTold = step?.pc === log.pc && step.depth === log.depth && step.gas === log.gas;
    if (!isTold && (ours[index + 1]?.depth ?? 0) < log.depth) continue;
    at += 1;
    const cost = step?.cost ?? log.gasCost;
    const memory = withoutEnd((log.memory ?? []).join(""));
    lines[0].push(`${log.pc} ${log.gas} ${log.depth} ${log.gasCost} ${log.stack?.join()} ${memory}`);
    if (step === undefined) continue;
    const stack = step.stack.map((word) => `0x${word.toString(16)}`).join();
    const wanted = withoutEnd(Buffer.from(step.memory).toString("hex"));
    lines[1].push(`${step.pc} ${step.gas} ${step.depth} ${cost} ${stack} ${wanted}`);
  }
  if (ours.length < STEPS_MAX) expect(at).toBe(theirs.length);
  return lines;
}

/** Without the zeros at the end; a pattern would look for their beginning at each of them. */
function withoutEnd(text: string): string {
  let length = text.length;
  while (length > 0 && text[length - 1] === "0") length -= 1;
  return text.slice(0, length);
}

describe("struct logs", () => {
  it(`of ${PROGRAMS} programs say what the reference engine's library says of every step`, async () => {
    const corpus = new Corpus({ programs: [], seen: [] });
    let steps = 0;
    let refunds = 0;
    for (let number = 0; number < PROGRAMS; number++) {
      const program = drawProgram(11, number, corpus);
      const codes = {
        [CONTRACT]: program.isCreation ? new Uint8Array() : program.code,
        ...drawOthers(11, number, corpus),
      };
      const world = createWorld(codes as Record<Address, Uint8Array>);
      for (let index = 0; index < INPUTS; index++) {
        const call = callOf({ ...drawInput(program, index, 30_000), gasLimit: 3_000 + 9_000 * index });
        const { logs, run } = await trace(call, world);
        expect(run).toEqual(await runCase(interpreter, call, world));
        const expected = await referenceSteps(call, new WorldRun(world), BLOCK, STEPS_MAX);
        const [found, wanted] = linesOf(logs, expected);
        // One line at a time: the whole of two long traces is not to be told.
        const differing = found.findIndex((line, at) => line !== wanted[at]);
        expect(found[differing]?.slice(0, 2_000)).toBe(wanted[differing]?.slice(0, 2_000));
        steps += found.length;
        refunds += logs.filter(({ refund }) => refund !== undefined).length;
      }
    }
    expect(steps).toBeGreaterThan(2_000);
    expect(refunds).toBeGreaterThan(0);
  }, 60_000);
});
