// In what Prague and Osaka differ, on every engine.
import { type Address, bigintToBytes, bytesToBigint, concatBytes } from "@festina/primitives";
import { type EngineOutcome, OSAKA, OSAKA_WITH_UNLIMITED_CODE, PRAGUE, type RuleSet } from "@festina/tvm";
import { describe, expect, it } from "@jest/globals";
import { createCompilerEngine, createInterpreterEngine, createReferenceEngine } from "../../src/index.ts";
import { BLOCK, CONTRACT, callTo, worldWith } from "../interpreter/anEngineRun.ts";

const word = (value: bigint): Uint8Array => bigintToBytes(value, 32);
const RETURN_TOP = Uint8Array.of(0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3);

describe.each([
  ["reference", createReferenceEngine({ chainId: BLOCK.chainId })],
  ["interpreter", createInterpreterEngine()],
  ["compiler", createCompilerEngine()],
])("%s", (_, engine) => {
  const run = async (rules: RuleSet, code: Uint8Array, data: Uint8Array): Promise<EngineOutcome> =>
    engine.run({ ...callTo(CONTRACT, { data }), warmAddresses: [CONTRACT] }, worldWith({ [CONTRACT]: code }), {
      ...BLOCK,
      rules,
    });
  const outputOf = (outcome: EngineOutcome): bigint | string =>
    outcome.kind === "success" ? bytesToBigint(outcome.output) : outcome.kind;

  it("counts leading zeros at Osaka; at Prague there is no such instruction", async () => {
    // PUSH0 CALLDATALOAD CLZ
    const code = concatBytes(Uint8Array.of(0x5f, 0x35, 0x1e), RETURN_TOP);
    expect(outputOf(await run(OSAKA, code, word(1n)))).toBe(255n);
    expect(await run(PRAGUE, code, word(1n))).toEqual({ kind: "halt", reason: "INVALID_OPCODE" });
    expect(outputOf(await run(OSAKA, code, word(1n)))).toBe(255n);
  });

  it("has a contract for P-256 at Osaka; at Prague its address is nobody's", async () => {
    // What asking for the balance of 0x100 costs: GAS PUSH2 0x100 BALANCE POP GAS SWAP1 SUB
    const code = concatBytes(Uint8Array.of(0x5a, 0x61, 1, 0, 0x31, 0x50, 0x5a, 0x90, 0x03), RETURN_TOP);
    const atOsaka = outputOf(await run(OSAKA, code, new Uint8Array()));
    const atPrague = outputOf(await run(PRAGUE, code, new Uint8Array()));
    expect(BigInt(atPrague) - BigInt(atOsaka)).toBe(2_600n - 100n);
  });

  it("has precompiled contracts where the rules have moved them, and code of their own where they were", async () => {
    const precompile = (number: number): Address => `0x${number.toString(16).padStart(40, "0")}` as Address;
    const [identity, sha256, target] = [precompile(4), precompile(2), `0x${"9a".repeat(20)}` as Address];
    const kept = OSAKA.precompiles.filter((address) => address !== identity && address !== sha256);
    const moved: RuleSet = {
      ...OSAKA,
      movedPrecompiles: new Map([...kept.map((address): [Address, Address] => [address, address]), [target, identity]]),
    };
    // MSTORE 7; CALL the address in the input with those 32 bytes, answered into the next 32: MLOAD them
    const asking = concatBytes(
      Uint8Array.of(0x60, 7, 0x5f, 0x52, 0x60, 32, 0x60, 32, 0x60, 32, 0x5f, 0x5f, 0x5f, 0x35, 0x5a, 0xf1, 0x50),
      Uint8Array.of(0x60, 32, 0x51),
      RETURN_TOP,
    );
    // RETURN 9
    const nine = concatBytes(Uint8Array.of(0x60, 9), RETURN_TOP);
    const ask = async (rules: RuleSet, address: Address): Promise<bigint | string> => {
      const view = worldWith({ [CONTRACT]: asking, [identity]: nine });
      const call = { ...callTo(CONTRACT, { data: word(BigInt(address)) }), warmAddresses: [CONTRACT] };
      return outputOf(await engine.run(call, view, { ...BLOCK, rules }));
    };
    for (let round = 0; round < 2; round++) {
      expect([await ask(OSAKA, identity), await ask(OSAKA, target)]).toEqual([7n, 0n]);
      expect([await ask(moved, identity), await ask(moved, target)]).toEqual([9n, 7n]);
    }
    const hash = await ask(OSAKA, sha256);
    expect([hash === 0n, await ask(moved, sha256), await ask(moved, precompile(3))]).toEqual([
      false,
      0n,
      await ask(OSAKA, precompile(3)),
    ]);
    // Called from outside, not by code.
    const call = { ...callTo(target, { data: word(5n) }), warmAddresses: [target] };
    expect(outputOf(await engine.run(call, worldWith({}), { ...BLOCK, rules: moved }))).toBe(5n);
  });

  it("deploys code and runs init code of any length where the rules say so", async () => {
    // RETURN 24,577 bytes of empty memory
    const initCode = Uint8Array.of(0x61, 0x60, 0x01, 0x5f, 0xf3);
    const create = async (rules: RuleSet): Promise<EngineOutcome> =>
      engine.run({ ...callTo(CONTRACT, { data: initCode, gasLimit: 8_000_000n }), to: null }, worldWith({}), {
        ...BLOCK,
        rules,
      });
    const made = await create(OSAKA_WITH_UNLIMITED_CODE);
    expect(made.kind === "success" && made.output.length).toBe(24_577);
    expect(await create(OSAKA)).toEqual({ kind: "halt", reason: "CODE_TOO_LARGE" });
    // CREATE with 49,153 bytes of zeros: STOP at once. Then what it left.
    const code = concatBytes(Uint8Array.of(0x61, 0xc0, 0x01, 0x5f, 0x5f, 0xf0, 0x15, 0x15), RETURN_TOP);
    expect(outputOf(await run(OSAKA_WITH_UNLIMITED_CODE, code, new Uint8Array()))).toBe(1n);
    expect((await run(OSAKA, code, new Uint8Array())).kind).toBe("halt");
    expect(outputOf(await run(OSAKA_WITH_UNLIMITED_CODE, code, new Uint8Array()))).toBe(1n);
  });

  it("asks more for MODEXP at Osaka, and takes no operands above 1,024 bytes", async () => {
    // CALLDATACOPY all; CALL 5 with all gas; what it cost
    const code = concatBytes(
      Uint8Array.of(
        0x36,
        0x5f,
        0x5f,
        0x37,
        0x5a,
        0x5f,
        0x5f,
        0x36,
        0x5f,
        0x5f,
        0x60,
        5,
        0x5a,
        0xf1,
        0x50,
        0x5a,
        0x90,
        0x03,
      ),
      RETURN_TOP,
    );
    const small = concatBytes(word(1n), word(1n), word(1n), Uint8Array.of(3, 5, 7));
    const price = async (rules: RuleSet) => BigInt(outputOf(await run(rules, code, small)));
    expect((await price(OSAKA)) - (await price(PRAGUE))).toBe(500n - 200n);
    const large = concatBytes(word(1_025n), word(0n), word(1n));
    const used = async (rules: RuleSet) => BigInt(outputOf(await run(rules, code, large)));
    // A bad input takes all that the call was given.
    expect(await used(OSAKA)).toBeGreaterThan(300_000n);
    expect(await used(PRAGUE)).toBeLessThan(20_000n);
  });
});
