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
/** Contracts of 32 bytes of code, which 1,000 bytes of init code make, each of its own and with a jump in it. */
const CREATE_HUNDREDS =
  "6103205b806f610000600052600a56fe5b60206000f360801b9060e81b176000526103e860006000f0506001900380600357" + "00";
/** Makes one by 1,000 bytes of init code that begin otherwise for each number. */
const createOwn = (number: number): string => {
  const init = `${"600150".repeat(number % 5)}61${number.toString(16).padStart(4, "0")}60005260206000f3`.padEnd(
    64,
    "0",
  );
  return `7f${init}6000526103e860006000f0${RETURN_TOP}`;
};

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

  it("may have more init code than the kernel has room for", async () => {
    const result = await run(engine, CREATE_HUNDREDS);
    expect(result.codes).toHaveLength(802);
    expect(result).toEqual(await run(reference, CREATE_HUNDREDS));
  });
});

describe("init code of the interpreter", () => {
  it("lies where that of earlier runs lay, and is measured anew", async () => {
    const reference = createReferenceEngine({ chainId: BLOCK.chainId });
    const engine = createInterpreterEngine();
    for (let number = 1; number <= 400; number++) {
      const code = createOwn(number);
      const result = await run(engine, code);
      // Those of the second time around, and some before.
      if (number > 180) expect(result).toEqual(await run(reference, code));
    }
  });
});
