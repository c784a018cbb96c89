import { describe, expect, it } from "@jest/globals";
import { useDev } from "../devUnderTest.ts";

/** A library of its own, and one that is part of whoever uses it. */
const PRICED = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
library Prices { function twice(uint256 x) external pure returns (uint256) { return 2 * x; } }
library Inner { function same(uint256 x) internal pure returns (uint256) { return x; } }
contract Priced { function cost(uint256 x) external pure returns (uint256) { return Prices.twice(Inner.same(x)); } }
`;

/** Returns the word 42 whatever it is asked. */
const ANSWERER = "0x600a600c600039600a6000f3602a60005260206000f3";

describe("festina deploy", () => {
  const { dev, file } = useDev();

  it("links libraries, and says which are missing", async () => {
    const source = file("Priced.sol", PRICED);
    const priced = await dev.run("deploy", source);
    expect(priced).toMatchObject({ code: 2, err: expect.stringContaining("--library Prices=0x... [LIBRARY_MISSING]") });
    const { contractAddress: prices = "" } = await dev.answer("deploy", source, "--contract", "Prices");
    const { contractAddress: linked = "" } = await dev.answer("deploy", source, "--library", `Prices=${prices}`);
    const cost = ["cost(uint256) returns (uint256)", "7"];
    expect(await dev.answer("call", linked, ...cost)).toEqual(["14"]);

    const { compileFile } = await import("../../src/solidity/compileFile.ts");
    const { abi, bytecode, linkReferences } = (await compileFile(source)).find(({ name }) => name === "Priced") ?? {};
    const forms = {
      hardhat: { abi, bytecode, linkReferences },
      foundry: { abi, bytecode: { object: bytecode, linkReferences } },
    };
    for (const [name, artifact] of Object.entries(forms)) {
      const artifactFile = file(`${name}.json`, JSON.stringify(artifact));
      const again = await dev.answer("deploy", artifactFile, "--library", `${source}:Prices=${prices}`);
      expect(await dev.answer("call", again["contractAddress"] ?? "", ...cost)).toEqual(["14"]);
    }
    for (const [text, code] of [
      ["Prices=0x12", "ADDRESS_INVALID"],
      ["Prices=0x70997970C51812dc3A010C7d01b50e0d17dc79C9", "ADDRESS_INVALID"],
      ["Prices", "LIBRARY_INVALID"],
      [`Other=${prices}`, "LIBRARY_MISSING"],
    ] as const)
      expect(await dev.run("deploy", source, "--library", text)).toMatchObject({
        code: 2,
        err: expect.stringContaining(`[${code}]`),
      });
    const unlinked = ["deploy", file("plain.hex", ANSWERER), "--library", `Prices=${prices}`];
    expect((await dev.run(...unlinked)).err).toContain("[LIBRARY_UNUSED]");
    const odd = file(
      "odd.json",
      JSON.stringify({ bytecode: ANSWERER, linkReferences: { a: { b: 7 }, c: null, d: "e" } }),
    );
    expect((await dev.run("deploy", odd)).code).toBe(2);
  }, 60_000);

  it("deploys code in hex, and says what is wrong with other files", async () => {
    const { contractAddress = "" } = await dev.answer("deploy", file("code.hex", ANSWERER));
    expect(await dev.answer("call", contractAddress, "--data", "0x")).toBe(`0x${"2a".padStart(64, "0")}`);
    const told = await dev.run("deploy", file("code.hex", ANSWERER));
    expect(told.out).toMatch(/^0x[0-9a-f]{40}\nfinal in block \d+, \d+ gas\n$/);
    const broken = await dev.run("deploy", file("Broken.sol", "contract X { uint y = ; }"));
    expect(broken).toMatchObject({ code: 1, err: expect.stringContaining("ParserError") });
    for (const [name, text, args, code] of [
      ["a.json", "{}", [], "ARTIFACT_INVALID"],
      ["b.json", "{", [], "ARTIFACT_INVALID"],
      ["c.hex", "0xzz", [], "ARTIFACT_INVALID"],
      ["d.hex", ANSWERER, ["7"], "ABI_MISSING"],
      ["e.hex", ANSWERER, ["--args", "7"], "ARGUMENTS_INVALID"],
    ] as const)
      expect([name, (await dev.run("deploy", file(name, text), ...args)).err]).toEqual([
        name,
        expect.stringContaining(`[${code}]`),
      ]);
  }, 30_000);
});
