// What happens when an engine breaks: the next one runs the call, on a view as it was.
import { createEngineChain, type Engine, type EngineFault } from "@festina/tvm";
import { describe, expect, it } from "@jest/globals";
import { createInterpreterEngine, createNodeEngine, createReferenceEngine } from "../../src/index.ts";
import { BLOCK, CONTRACT, callTo, worldWith } from "../interpreter/anEngineRun.ts";

/** Stores 42 and returns it. */
const CODE = Uint8Array.of(0x60, 42, 0x5f, 0x55, 0x5f, 0x54, 0x5f, 0x52, 0x60, 32, 0x5f, 0xf3);
const broken: Engine = {
  name: "broken",
  run: async () => {
    throw new Error("no");
  },
};

describe("a chain of engines", () => {
  it("goes on with the next engine, and tells", async () => {
    const faults: EngineFault[] = [];
    const chain = createEngineChain(broken, [createInterpreterEngine()], (fault) => faults.push(fault));
    const outcome = await chain.run(callTo(CONTRACT), worldWith({ [CONTRACT]: CODE }), BLOCK);
    expect(outcome.kind).toBe("success");
    expect(faults.map(({ engine, saved }) => [engine, saved.call.to])).toEqual([["broken", CONTRACT]]);
  });

  it("goes on at once from an engine that throws, and from one that throws later", async () => {
    const throwing: Engine = {
      name: "throwing",
      run: () => {
        throw new Error("at once");
      },
    };
    const faults: string[] = [];
    const chain = createEngineChain(throwing, [broken, createInterpreterEngine()], ({ engine, cause }) =>
      faults.push(`${engine}: ${(cause as Error).message}`),
    );
    const view = worldWith({ [CONTRACT]: CODE });
    expect((await chain.run(callTo(CONTRACT), view, BLOCK)).kind).toBe("success");
    expect(view.openCheckpoints).toBe(0);
    expect(faults.sort()).toEqual(["broken: no", "throwing: at once"]);
    await expect(
      (async () => createEngineChain(throwing, [throwing], () => undefined).run(callTo(CONTRACT), view, BLOCK))(),
    ).rejects.toThrow("at once");
  });

  it("does not make anybody wait for an interpreter that runs to its end", () => {
    const chain = createEngineChain(createInterpreterEngine(), [broken], () => undefined);
    expect(chain.run(callTo(CONTRACT), worldWith({ [CONTRACT]: CODE }), BLOCK)).toMatchObject({ kind: "success" });
  });

  it("rejects when the last one breaks, too", async () => {
    const chain = createEngineChain(broken, [broken], () => undefined);
    await expect(chain.run(callTo(CONTRACT), worldWith({ [CONTRACT]: CODE }), BLOCK)).rejects.toThrow("no");
  });

  it("hands what the interpreter has no room for to the reference engine", async () => {
    const faults: EngineFault[] = [];
    const onFault = (fault: EngineFault): void => void faults.push(fault);
    const engine = createNodeEngine({ chainId: BLOCK.chainId, onFault });
    const call = callTo(CONTRACT, { gasLimit: 2n ** 60n });
    const view = worldWith({ [CONTRACT]: CODE });
    const outcome = await engine.run(call, view, BLOCK);
    const expected = await createReferenceEngine({ chainId: BLOCK.chainId }).run(
      call,
      worldWith({ [CONTRACT]: CODE }),
      BLOCK,
    );
    expect(outcome).toEqual(expected);
    expect(view.openCheckpoints).toBe(0);
    expect(faults.map((fault) => fault.engine).sort()).toEqual(["compiler", "interpreter"]);
  });
});
