import { execFile, spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { FESTINA, useDev } from "../devUnderTest.ts";

const ALICE = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const BOB = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const CAROL = "0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc";
/** Of BOB: the second development account. */
const BOB_KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";
const NOBODY = `0x${"77".repeat(20)}`;
const NO_HASH = `0x${"11".repeat(32)}`;

const COUNTER = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
import {Owned} from "./Owned.sol";
contract Counter is Owned {
    error TooMuch(uint256 asked, uint256 allowed);
    struct Step { uint256 by; bool twice; }
    event Counted(address indexed who, uint256 total);
    uint256 public count;
    constructor(uint256 first) { count = first; }
    function add(uint256 by) external payable { _add(by); }
    function add(Step[] calldata steps) external {
        for (uint256 i = 0; i < steps.length; i++) _add(steps[i].twice ? 2 * steps[i].by : steps[i].by);
    }
    function _add(uint256 by) private {
        if (by > 100) revert TooMuch(by, 100);
        count += by;
        emit Counted(msg.sender, count);
    }
}
contract Empty {}
`;
const OWNED = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
contract Owned { address public owner = msg.sender; }
`;

describe("commands on a development chain", () => {
  const { home, dev, file } = useDev();

  it("sends, and reads what it has sent", async () => {
    const receipt = await dev.answer("send", CAROL, "1.5ether");
    expect(receipt).toMatchObject({ status: "0x1", from: ALICE });
    const { transactionHash: hash = "", blockNumber = "" } = receipt;
    expect(await dev.answer("tx", hash)).toMatchObject({ hash, to: CAROL, value: "0x14d1120d7b160000" });
    expect(await dev.answer("receipt", hash)).toMatchObject({ transactionHash: hash });
    expect(await dev.answer("block", blockNumber)).toMatchObject({ number: blockNumber, transactions: [hash] });
    const block = await dev.answer<{ transactions: readonly object[]; hash: string }>("block", "latest", "--full");
    expect(block.transactions).toMatchObject([{ hash }]);
    expect(await dev.answer("block", block.hash)).toMatchObject({ number: blockNumber });
    const told = await dev.run("tx", hash);
    expect(told.out).toMatch(/^value {2,}1500000000000000000$/m);
    expect((await dev.run("send", CAROL, "1wei", "--from", BOB)).out).toMatch(
      /^0x[0-9a-f]{64} is final in block \d+\n$/,
    );
  });

  it.each([
    ["its port is taken", () => ["--port", new URL(dev.url).port], "PORT_IN_USE"],
    ["a state cannot be read", () => ["--port", "0", "--load-state", join(home, "none")], "FILE_UNREADABLE"],
    ["artifacts cannot be read", () => ["--port", "0", "--artifacts", join(home, "none")], "FILE_UNREADABLE"],
  ])(
    "a second chain ends when %s",
    async (_what, options, code) => {
      const child = spawn(process.execPath, [FESTINA, "dev", ...options()]);
      let err = "";
      child.stderr.on("data", (chunk: Buffer) => {
        err += chunk.toString("utf8");
      });
      expect(await new Promise((ended) => child.once("close", ended))).toBe(1);
      expect(err).toContain(`[${code}]`);
    },
    30_000,
  );

  it("tells what an account holds", async () => {
    const wei = "0x21e19e0c9bab2400000";
    const before = await dev.answer("balance", BOB, "--block", "0");
    expect(before).toEqual({ address: BOB, balance: wei, nonce: "0x0", codeBytes: 0 });
    expect((await dev.run("balance", BOB, "--block", "earliest")).out).toBe(
      "10000 coins (10000000000000000000000 wei)\n0 transactions sent\n",
    );
    expect((await dev.run("balance", "0x4e59b44847b379578588920ca78fbf26c0b4956c")).out).toContain(
      "a contract of 69 bytes",
    );
    expect(await dev.run("balance", "alice")).toMatchObject({ code: 2, out: "" });
  });

  it("sends from a key of one's own, with the gas that is asked for", async () => {
    const key = file("bob.key", BOB_KEY);
    const { transactionHash = "" } = await dev.answer("send", CAROL, "7wei", "--key", key, "--gas-limit", "30000");
    expect(await dev.answer("tx", transactionHash)).toMatchObject({ from: BOB, gas: "0x7530", value: "0x7" });
    expect(await dev.run("send", CAROL, "1wei", "--account", NOBODY, "--keystore", home)).toMatchObject({
      code: 5,
      err: expect.stringContaining("[ACCOUNT_UNKNOWN]"),
    });
  });

  it("compiles, deploys, calls and reads Solidity", async () => {
    const source = file("Counter.sol", COUNTER);
    file("Owned.sol", OWNED);
    const artifact = "Counter.json";
    const deployed = await dev.answer("deploy", source, "7", "--contract", "Counter");
    const address = deployed["contractAddress"] ?? "";
    const ask = (...args: readonly string[]) => dev.answer<readonly string[]>("call", address, ...args);
    const countOf = ({ contractAddress = "" }: Record<string, string>) =>
      dev.answer<readonly string[]>("call", contractAddress, "count() returns (uint256)");
    expect(await ask("count() returns (uint256)")).toEqual(["7"]);
    expect(await ask("owner() view returns (address)")).toEqual(["0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"]);
    expect(await ask("count() returns (uint256)", "--block", "latest")).toEqual(["7"]);

    const { compileFile } = await import("../../src/solidity/compileFile.ts");
    const [counter] = await compileFile(source);
    const abi = file(artifact, JSON.stringify(counter));
    const send = (...args: readonly string[]) => dev.answer("contract", "send", address, ...args, "--abi", abi);
    await send("add(uint256)", "5", "--value", "1gwei");
    await send("add((uint256,bool)[])", '[{"by":"10","twice":true},[1,false]]', "--key", file("k", BOB_KEY));
    expect(await dev.answer("contract", "call", address, "count", "--abi", abi)).toEqual(["33"]);
    expect((await dev.run("contract", "call", address, "count", "--abi", abi)).out).toBe("33\n");

    const logs = await dev.answer<readonly object[]>("logs", "--address", address, "--abi", abi);
    expect(logs).toHaveLength(3);
    expect(logs[0]).toMatchObject({ event: "Counted", args: { who: expect.stringMatching(/^0xf39/i), total: "12" } });
    expect(await dev.answer("logs", "--address", address, "--topic", "any", NO_HASH)).toEqual([]);
    expect((await dev.run("logs", "--address", NOBODY)).out).toBe("no logs\n");

    const refused = await dev.run("contract", "call", address, "add(uint256)", "101", "--abi", abi);
    expect(refused).toMatchObject({ code: 4, err: "error: reverted with TooMuch(101, 100) [REVERTED]\n" });
    const unsent = await dev.run("contract", "send", address, "add(uint256)", "101", "--abi", abi, "--json");
    expect([unsent.code, JSON.parse(unsent.err)]).toMatchObject([4, { error: { code: "REVERTED" } }]);
    const unasked = await dev.run("contract", "send", address, "add", "1", "--abi", abi);
    expect(unasked).toMatchObject({ code: 2, err: expect.stringContaining("add((uint256,bool)[])") });
    // Of several, the one that is called like the file; else one has to be named.
    expect(await countOf(await dev.answer("deploy", source, "3"))).toEqual(["3"]);
    const several = await dev.run("deploy", file("Several.sol", COUNTER), "3");
    expect(several).toMatchObject({ code: 2, err: expect.stringContaining("Counter, Empty") });
    expect(await dev.run("deploy", source, "--contract", "Nil")).toMatchObject({
      code: 2,
      err: expect.stringContaining("holds no contract Nil to deploy; it has Counter, Empty"),
    });

    // The artifact that was just written deploys the same, by its own constructor.
    const again = await dev.answer("deploy", abi, "0x9");
    expect(await dev.answer("call", again["contractAddress"] ?? "", "count() returns (uint256)")).toEqual(["9"]);
  }, 60_000);

  it("reads the other chain, the committee and the node", async () => {
    expect(await dev.answer("snail")).toMatchObject({ number: "0x0" });
    const genesis = await dev.answer("snail", "0", "--fruits");
    expect(await dev.answer("snail", genesis["hash"] ?? "")).toEqual(genesis);
    expect(await dev.answer("committee")).toMatchObject({ epoch: "0x0", totalSeats: 1 });
    expect(await dev.answer("committee", "0")).toMatchObject({ epoch: "0x0" });
    expect(await dev.answer("status")).toMatchObject({ role: "member" });
    expect((await dev.run("committee")).out).toMatch(/^totalSeats {2,}1$/m);
    expect((await dev.run("snail", "latest")).code).toBe(0);
  });

  it.each([
    ["block", "9999999"],
    ["tx", NO_HASH],
    ["receipt", NO_HASH],
    ["snail", "77"],
    ["snail", NO_HASH],
    ["fruit", NO_HASH],
    ["committee", "12"],
  ])("has exit code 5 where there is no %s %s", async (...args) => {
    const { code, out, err } = await dev.run(...args);
    expect({ code, out }).toEqual({ code: 5, out: "" });
    expect(err).toContain("[NOT_FOUND]");
  });

  it("calls any method", async () => {
    expect(await dev.answer("rpc", "eth_chainId")).toBe("0x7a69");
    expect(await dev.answer("rpc", "eth_getBlockByNumber", "0x0", "false")).toMatchObject({ number: "0x0" });
    expect((await dev.run("rpc", "festina_status")).out).toContain('\n  "role": "member"');
    const unknown = await dev.run("rpc", "eth_fly");
    expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining("[-32601]\n  festina attach") });
  });

  it.each([
    ["block", "minus one"],
    ["block", "0xzz"],
    ["tx", "0x12"],
    ["balance", "0x12"],
    ["balance", BOB, "--block", "soon"],
    ["send", "0x12", "1ether"],
    ["send", CAROL, "much"],
    ["send", CAROL, "1.5"],
    ["logs", "--address", "0x12"],
    ["call", "0x12", "f()"],
    ["receipt", "latest"],
    ["snail", "pending"],
    ["fruit", "7"],
    ["committee", "last"],
    ["logs", "--topic", "0x12"],
    ["logs", "--from-block", "soon"],
    ["call", NOBODY, "not a signature ("],
    ["call", NOBODY, "f(uint256)"],
    ["call", NOBODY, "f(uint256)", "seven"],
    ["call", NOBODY, "f(uint8)", "256"],
    ["call", NOBODY, "f(address)", "0x12"],
    ["call", NOBODY, "f(bool)", "1"],
    ["call", NOBODY, "f(uint256[2])", "[1]"],
    ["call", NOBODY, "f(uint256[])", "1"],
    ["call", NOBODY, "f((uint256 a))", '{"b":1}'],
    ["call", NOBODY, "--data", "7"],
    ["call", NOBODY, "f()", "--block", "soon"],
    ["contract", "call", NOBODY, "f"],
    ["send", CAROL, "1wei", "--gas-limit", "7"],
    ["completion", "tcsh"],
  ])("is asked wrongly by %s %s %s %s", async (...args) => {
    const ran =
      args[0] === "completion"
        ? await import("../runCommand.ts").then(({ runCommand }) => runCommand(...args))
        : await dev.run(...args);
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 2, out: "" });
    expect(ran.err).toMatch(/error: /);
    expect(ran.err).not.toContain("    at ");
  });

  it("says of a contract that is not there that it does not answer", async () => {
    expect(await dev.run("call", NOBODY, "f() returns (uint256)")).toMatchObject({
      code: 1,
      err: expect.stringContaining("[ANSWER_UNREADABLE]"),
    });
    expect(await dev.run("contract", "call", NOBODY, "f", "--abi", join(home, "none.json"))).toMatchObject({
      code: 1,
      err: expect.stringContaining("[FILE_UNREADABLE]"),
    });
    expect(await dev.run("contract", "call", NOBODY, "f", "--abi", file("no.json", '{"abi":[7]}'))).toMatchObject({
      code: 1,
      err: expect.stringContaining("[ABI_INVALID]"),
    });
  });

  it("keeps accounts, and sends from one of them", async () => {
    const folder = join(home, "keystore");
    mkdirSync(folder);
    const passwordFile = file("password.txt", "correct horse\n");
    const { runCommand } = await import("../runCommand.ts");
    const keep = (...args: readonly string[]) =>
      runCommand("account", ...args, "--keystore", folder, "--password-file", passwordFile);
    expect((await keep("list")).out).toBe("no accounts yet; festina account new makes one\n");
    const imported = await keep("import", file("bob.key", BOB_KEY), "--json");
    expect(JSON.parse(imported.out)).toMatchObject({ address: BOB });
    expect((await keep("list")).out).toBe(`${BOB}\n`);
    const out = join(home, "bob.out");
    expect(await keep("export", BOB, "--out", out)).toMatchObject({ code: 0 });
    expect(readFileSync(out, "utf8")).toBe(`${BOB_KEY}\n`);
    expect(await keep("export", BOB, "--out", out)).toMatchObject({
      code: 1,
      err: expect.stringContaining("[FILE_UNWRITABLE]"),
    });
    expect(await keep("export", NOBODY, "--out", `${out}2`)).toMatchObject({ code: 5 });
    // In a process of its own, as scripts run it.
    const options = [
      "--account",
      BOB,
      "--keystore",
      folder,
      "--password-file",
      passwordFile,
      "--rpc",
      dev.url,
      "--json",
    ];
    const { stdout } = await promisify(execFile)(process.execPath, [FESTINA, "send", CAROL, "3wei", ...options]);
    expect(JSON.parse(stdout)).toMatchObject({ from: BOB, status: "0x1" });
    const wrong = ["send", CAROL, "3wei", "--account", BOB, "--keystore", folder, "--password-file"];
    expect(await dev.run(...wrong, file("wrong.txt", "horse"))).toMatchObject({
      code: 1,
      err: expect.stringContaining("[KEYSTORE_PASSWORD_WRONG]"),
    });
    expect(await dev.run(...wrong, join(home, "none.txt"))).toMatchObject({
      code: 1,
      err: expect.stringContaining("[PASSWORD_MISSING]"),
    });
  }, 60_000);
});

it("says what to do where no node answers, with an exit code of its own", async () => {
  const { runCommand } = await import("../runCommand.ts");
  const ran = await runCommand("block", "--rpc", "http://127.0.0.1:9");
  expect(ran).toMatchObject({ code: 3, out: "", err: expect.stringContaining("festina dev") });
  const told = await runCommand("block", "--rpc", "http://127.0.0.1:9", "--json");
  expect(JSON.parse(told.err)).toMatchObject({ error: { code: "RPC_UNREACHABLE", hint: expect.any(String) } });
});
