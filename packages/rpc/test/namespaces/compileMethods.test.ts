import { fail, ok } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { compileMethods } from "../../src/namespaces/compileMethods.ts";
import { FakeBackend } from "../../testing/fakeBackend.ts";

describe("a compiler over the RPC", () => {
  const contract = { contractName: "C", abi: [], bytecode: "0x6001" };
  const solidity = {
    compile: async (source: string) => (source === "bad" ? fail("SOLIDITY_INVALID", "line 1: no") : ok([contract])),
  } as const;
  const caller = {};

  it("is there only where the backend has one", () => {
    expect(compileMethods(new FakeBackend())).toEqual({});
  });

  it("answers with contracts, or the compiler's words", async () => {
    const { festina_compile } = compileMethods(Object.assign(new FakeBackend(), { solidity }));
    if (festina_compile === undefined) throw new Error("there is a compiler");
    expect(await festina_compile(["contract C {}"], caller)).toEqual([contract]);
    await expect(festina_compile(["bad"], caller)).rejects.toMatchObject({ code: -32000, message: "line 1: no" });
    await expect(festina_compile([7], caller)).rejects.toMatchObject({ code: -32602 });
    await expect(festina_compile(["x".repeat(600_000)], caller)).rejects.toMatchObject({ code: -32602 });
  });
});
