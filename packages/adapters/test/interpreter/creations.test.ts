import { bytesToBigint, hexToBytes } from "@festina/primitives";
import type { Engine } from "@festina/tvm";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { createCompilerEngine, createInterpreterEngine, createReferenceEngine } from "../../src/index.ts";
import { BLOCK, CALLER, CONTRACT, callTo, OTHER, worldWith } from "./anEngineRun.ts";

const byte = (value: number): string => value.toString(16).padStart(2, "0");
/** Init code of a contract that returns a word with this number. */
const initCode = (answer: number): string => `6960${byte(answer)}60005260206000f3600052600a6016f3`;
/** Leaves the address of a new one on the stack. */
const create = (answer: number): string => `72${initCode(answer)}6000526013600d6000f0`;
/** Adds what the contract on top of the stack answers to the word below it. */
const addAnswer = "60206040600060006000855af1505060405101";
const RETURN_TOP = "60005260206000f3";
/** Contracts of 24,576 bytes each, with the counter in front. */
const CREATE_FIFTY = "60325b806b6100006000526160006000f360a01b9060e81b17600052600c60006000f050600190038060025700";

const ENGINES: readonly (readonly [string, () => Engine])[] = [
  ["interpreter", createInterpreterEngine],
  ["compiler", createCompilerEngine],
];

async function run(engine: Engine, code: string, other = "00") {
  const view = worldWith({ [CONTRACT]: hexToBytes(`0x${code}`), [OTHER]: hexToBytes(`0x${other}`) });
  const outcome = await engine.run(callTo(CONTRACT, { gasLimit: 1n << 40n }), view, BLOCK);
  if (outcome.kind !== "success") throw new Error(`ended with ${outcome.kind}`);
  const accounts = view.addresses().filter((address) => address !== CALLER);
  const codes = accounts
    .sort()
    .map((address) => [address, view.getAccount(address)?.codeHash, view.getCode(address).length]);
  return { answer: bytesToBigint(outcome.output), gasLeft: outcome.gasLeft, codes };
}

describe.each(ENGINES)("contracts made by the %s", (_, createEngine) => {
  const reference = createReferenceEngine({ chainId: BLOCK.chainId });
  let engine: Engine;
  beforeAll(() => {
    engine = createEngine();
  });

  it("answer in the run that makes them, twins and others", async () => {
    const code = `6000${[1, 1, 2, 1].map((answer) => create(answer) + addAnswer).join("")}${RETURN_TOP}`;
    const result = await run(engine, code);
    expect(result.answer).toBe(5n);
    expect(result).toEqual(await run(reference, code));
  });

  it("have their own code though a twin was taken back", async () => {
    // The other contract makes one, calls it and reverts.
    const other = `6000${create(9)}${addAnswer}60006000fd`;
    const code = `60006000600060006000600073${OTHER.slice(2)}5af1506000${create(9)}${addAnswer}${RETURN_TOP}`;
    const result = await run(engine, code, other);
    expect(result.answer).toBe(9n);
    expect(result).toEqual(await run(reference, code, other));
  });

  it("may be more than wait in the kernel", async () => {
    const result = await run(engine, CREATE_FIFTY);
    expect(result.codes).toHaveLength(52);
    expect(result).toEqual(await run(reference, CREATE_FIFTY));
  });
});
