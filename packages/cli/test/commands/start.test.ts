import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { loadChainSpec, loadNodeConfig } from "../../src/nodeFiles.ts";
import { runCommand } from "../runCommand.ts";

const folder = mkdtempSync(join(tmpdir(), "festina-cli-start-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let serial = 0;
function write(value: unknown): string {
  const file = join(folder, `${++serial}.json`);
  writeFileSync(file, typeof value === "string" ? value : JSON.stringify(value));
  return file;
}

const CONFIG = { chainSpecFile: "chainspec.json", dataDir: "data", rpc: null, network: null };
const codeOf = (code: string) => expect.objectContaining({ code });

describe("a configuration file", () => {
  it("has its paths resolved against its own folder", () => {
    const validator = { signingKeyFile: "keys/signing.key", ownerKeyFile: "/far/owner.key" };
    expect(loadNodeConfig(write({ ...CONFIG, validator }))).toMatchObject({
      chainSpecFile: join(folder, "chainspec.json"),
      dataDir: join(folder, "data"),
      validator: { signingKeyFile: join(folder, "keys/signing.key"), ownerKeyFile: "/far/owner.key" },
    });
  });

  it("names a folder of keys, and its password's file or none", () => {
    const at = (validator: object) => loadNodeConfig(write({ ...CONFIG, validator })).validator;
    expect(at({ keyFolder: "keys" })).toEqual({ keyFolder: join(folder, "keys"), passwordFile: null });
    expect(at({ keyFolder: "/far/keys", passwordFile: "p" })).toEqual({
      keyFolder: "/far/keys",
      passwordFile: join(folder, "p"),
    });
  });

  it.each(["", "{", "\u0000\u0001", "[1,2"])("of no JSON (%j) is refused", (text) => {
    expect(() => loadNodeConfig(write(text))).toThrow(codeOf("FILE_INVALID"));
  });

  it.each([
    ["nothing", null],
    ["a list", []],
    ["a field of another name", { ...CONFIG, colour: "red" }],
    ["a port out of range", { ...CONFIG, rpc: { port: 65_536 } }],
    ["a peer without its id", { ...CONFIG, network: { port: 1, peers: ["127.0.0.1:30303"] } }],
    ["half a validator", { ...CONFIG, validator: { signingKeyFile: "a" } }],
    ["a validator of no keys", { ...CONFIG, validator: {} }],
    [
      "a validator of two kinds of keys",
      { ...CONFIG, validator: { keyFolder: "a", signingKeyFile: "b", ownerKeyFile: "c" } },
    ],
    ["an origin that is none", { ...CONFIG, rpc: { port: 1, origins: ["app.example"] } }],
    ["origins that are no list", { ...CONFIG, rpc: { port: 1, origins: "*" } }],
    ["public keys on a public port", { ...CONFIG, rpc: { host: "0.0.0.0", port: 1 }, developmentAccounts: 1 }],
  ])("with %s is refused", (_what, value) => {
    expect(() => loadNodeConfig(write(value))).toThrow(codeOf("NODE_CONFIG_INVALID"));
  });
});

describe("a field of another name", () => {
  it.each([
    [{ colour: "red" }, /^colour: there is no such field; there are chainSpecFile, dataDir, rpc, /],
    [{ chainSpecfile: "x" }, /^chainSpecfile: there is no such field; did you mean chainSpecFile\?$/],
    [{ rpc: { port: 1, hosst: "x" } }, /^rpc\.hosst: .* did you mean host\?$/],
    [{ network: { port: 1, perrs: [] } }, /^network\.perrs: .* did you mean peers\?$/],
    [{ validator: { keyfolder: "keys" } }, /^validator\.keyfolder: .* did you mean keyFolder\?$/],
    [{ miner: { payout: `0x${"11".repeat(20)}`, suports: [] } }, /^miner\.suports: .* did you mean supports\?$/],
    [{ log: { levle: "info" } }, /^log\.levle: there is no such field/],
    [{ ["x".repeat(100_000)]: 1 }, /there is no such field; there are /],
  ])("%# is refused with what may have been meant", (change, said) => {
    expect(() => loadNodeConfig(write({ ...CONFIG, ...change }))).toThrow(said);
  });
});

describe("festina start", () => {
  it.each([["--history", "some"], ["--history"], ["--engine", "steam"]])(
    "given %j asks for a word it knows",
    async (...args) => {
      const { code, err } = await runCommand("start", "--config", write(CONFIG), ...args);
      expect({ code, err }).toEqual({
        code: 2,
        err: expect.stringMatching(/^error: option '--(history|engine) <\w+>' argument/),
      });
    },
  );
});

describe("a chain spec file", () => {
  it("of no JSON is refused", () => {
    expect(() => loadChainSpec(write("{]"))).toThrow(codeOf("FILE_INVALID"));
  });

  it.each([null, 7, [], {}, { name: "devnet", chainId: "19330n" }])("that holds %j is refused with a code", (value) => {
    expect(() => loadChainSpec(write(value))).toThrow(codeOf("CHAIN_SPEC_INVALID"));
  });
});
