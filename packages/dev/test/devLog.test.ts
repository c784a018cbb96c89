import { hexToBytes } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { encodeAbiParameters, encodeErrorResult, encodeFunctionData, parseAbi, toFunctionSelector } from "viem";
import { CONSOLE_ADDRESS, decodeConsoleCall } from "../src/consoleLog.ts";
import { DevLog } from "../src/devLog.ts";
import { declaredErrors, describeRevert } from "../src/revertText.ts";
import { alice, startDev } from "./devFixture.ts";

const logCall = (kinds: readonly string[], values: readonly unknown[]): `0x${string}` =>
  encodeFunctionData({
    abi: parseAbi([`function log(${kinds.join(",")})`] as never) as never,
    functionName: "log",
    args: values as never,
  } as never);
const decoded = (kinds: readonly string[], ...values: readonly unknown[]): string | null =>
  decodeConsoleCall(hexToBytes(logCall(kinds, values)));

/** Passes its call data on to the console. */
const PRINTER = `0x365f5f375f5f365f73${CONSOLE_ADDRESS.slice(2)}5afa00`;
/** Reverts with its call data. */
const REVERTER = "0x365f5f37365ffd";
const ERROR_ABI = parseAbi(["error Refused(uint256 asked, address by)"]);
const REFUSED = encodeErrorResult({ abi: ERROR_ABI, errorName: "Refused", args: [5n, alice] });

describe("console.log", () => {
  it("shows every kind of value, and fills in marks", () => {
    expect(decoded(["string"], "hello")).toBe("hello");
    expect(decoded(["uint256", "bool", "address", "string"], 7n, true, alice, "end")).toBe(`7 true ${alice} end`);
    expect(decoded(["string", "uint256"], "%d of 9", 3n)).toBe("3 of 9");
    expect(decoded(["int256"], -4n)).toBe("-4");
    expect(decoded(["bytes4"], "0x01020304")).toBe("0x01020304");
    expect(decoded(["bytes"], "0x0a0b")).toBe("0x0a0b");
    expect(decodeConsoleCall(hexToBytes(toFunctionSelector("log()")))).toBe("");
  });

  it("takes the names of its first version", () => {
    const data = encodeAbiParameters([{ type: "uint256" }], [12n]).slice(2);
    expect(decodeConsoleCall(hexToBytes(`${toFunctionSelector("log(uint)" as never)}${data}` as never))).toBe("12");
  });

  it("does not fall for garbage, nor for what would steer a terminal", () => {
    expect(decodeConsoleCall(new Uint8Array(0))).toBeNull();
    expect(decodeConsoleCall(Uint8Array.of(1, 2, 3, 4))).toBeNull();
    const cut = hexToBytes(logCall(["string"], ["hello"]));
    for (let length = 0; length < cut.length; length++)
      expect(() => decodeConsoleCall(cut.subarray(0, length))).not.toThrow();
    expect(decoded(["string"], "a\u001b[2Jb")).toBe("a\ufffd[2Jb");
  });
});

describe("reasons of reverts", () => {
  it("are texts, panics, and declared errors with their arguments", () => {
    const text = encodeErrorResult({ abi: parseAbi(["error Error(string)"]), errorName: "Error", args: ["no"] });
    const panic = encodeErrorResult({ abi: parseAbi(["error Panic(uint256)"]), errorName: "Panic", args: [17n] });
    const known = declaredErrors({ abi: ERROR_ABI });
    const none = declaredErrors("no artifact");
    expect(describeRevert(hexToBytes(text), none)).toBe("reverted: no");
    expect(describeRevert(hexToBytes(panic), none)).toBe("reverted: arithmetic underflow or overflow");
    expect(describeRevert(hexToBytes(REFUSED), known)).toBe(`reverted: Refused(5, ${alice})`);
    expect(describeRevert(hexToBytes(REFUSED), none)).toMatch(/custom error 0x[0-9a-f]{8}, 64 bytes/);
    expect(describeRevert(hexToBytes(REFUSED).subarray(0, 20), known)).toBe("reverted: Refused(?, ?)");
    expect(describeRevert(new Uint8Array(0), known)).toBe("reverted without a reason");
  });
});

describe("the log of a development chain", () => {
  it("tells calls once, blocks, what contracts print, and why they revert", async () => {
    const dev = await startDev();
    const lines: string[] = [];
    const log = new DevLog({
      backend: dev.chain.createBackend(),
      print: (line) => lines.push(line),
      errors: declaredErrors({ abi: ERROR_ABI }),
    });
    try {
      for (let count = 0; count < 3; count++) log.onCall("eth_blockNumber", null);
      log.onCall("eth_call", { code: 3, message: "execution reverted" });
      log.onOriginRefused("http://localhost:3000\u001b[2J");
      const printer = `0x${"c1".repeat(20)}`;
      const reverter = `0x${"c2".repeat(20)}`;
      await dev.call("hardhat_setCode", printer, PRINTER);
      await dev.call("hardhat_setCode", reverter, REVERTER);
      await dev.call("eth_sendTransaction", { from: alice, to: printer, data: logCall(["string"], ["printed"]) });
      const gas = "0x186a0";
      await dev.call("eth_sendTransaction", { from: alice, to: reverter, data: REFUSED, gas });
      await log.drain();
      expect(lines.slice(0, 4)).toEqual([
        "eth_blockNumber",
        "eth_blockNumber  2 more",
        "eth_call  failed: execution reverted",
        expect.stringMatching(/^pages of http:\/\/localhost:3000\ufffd\[2J .* --cors/),
      ]);
      expect(lines).toContain("      printed");
      expect(lines.filter((line) => line.startsWith("  block"))).toHaveLength(4);
      expect(lines.at(-1)).toContain(`reverted: Refused(5, ${alice})`);
      await dev.call("anvil_rollback", 2);
      await log.drain();
      expect(lines.at(-1)).toBe("  back to block 2");
    } finally {
      await dev.stop();
    }
  });
});
