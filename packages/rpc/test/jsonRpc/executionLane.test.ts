import { describe, expect, it } from "@jest/globals";
import { ExecutionLane } from "../../src/jsonRpc/executionLane.ts";
import { RPC_CODE } from "../../src/jsonRpc/rpcError.ts";

interface Run {
  readonly name: unknown;
  end(): void;
  fail(): void;
}

function aLane() {
  const running: Run[] = [];
  const lane = new ExecutionLane({ runningMax: 2, waitingMax: 2 });
  const method = lane.around(
    ([name]) =>
      new Promise((resolve, reject) => {
        running.push({ name, end: () => resolve(name), fail: () => reject(new Error("broke")) });
      }),
  );
  const ask = (name: string) => Promise.resolve(method([name], {}));
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { running, ask, settle };
}

describe("the lane of methods that run contracts", () => {
  it("lets two run, others wait in order, and refuses what is beyond", async () => {
    const { running, ask, settle } = aLane();
    const answers = ["a", "b", "c", "d"].map(ask);
    await expect(ask("e")).rejects.toMatchObject({ code: RPC_CODE.limitExceeded });
    expect(running.map(({ name }) => name)).toEqual(["a", "b"]);
    running[1]?.end();
    await settle();
    expect(running.map(({ name }) => name)).toEqual(["a", "b", "c"]);
    for (const index of [0, 2]) running[index]?.end();
    await settle();
    running[3]?.end();
    expect(await Promise.all(answers)).toEqual(["a", "b", "c", "d"]);
  });

  it("is not blocked by a method that breaks", async () => {
    const { running, ask, settle } = aLane();
    for (let round = 0; round < 3; round++) {
      const answers = ["a", "b"].map(ask);
      await settle();
      for (const run of running.splice(0)) run.fail();
      for (const answer of answers) await expect(answer).rejects.toThrow("broke");
    }
  });
});
