import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type Server } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDevnetSpec, serializeChainSpec } from "@festina/chainspec";
import type { Address } from "@festina/primitives";
import { specHash } from "@festina/types";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { loadChainSpec, loadNodeConfig } from "../../src/nodeFiles.ts";
import { runCommand } from "../runCommand.ts";

const home = mkdtempSync(join(tmpdir(), "festina-cli-init-"));
const PEER = `0x${"ab".repeat(32)}`;
const OWNER = `0x${"11".repeat(20)}` as Address;
const SPEC = createDevnetSpec({
  signatureSuite: "bls",
  chainId: 77n,
  genesisTimeSeconds: 1_700_000_000,
  genesisDifficulty: 1_000n,
  developmentAccounts: [],
  validators: [
    { address: OWNER, payout: OWNER, publicKey: `0x${"22".repeat(48)}`, proofOfPossession: `0x${"33".repeat(96)}` },
  ],
});
const specFile = join(home, "network.json");
const keys = join(home, "keys");
const passwordFile = join(home, "password");
let ports: readonly string[] = [];
let serial = 0;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const newFolder = (): string => join(home, `node-${++serial}`);
const init = (folder: string, ...more: readonly string[]) =>
  runCommand("init", "--data-dir", folder, ...ports, ...more);

/** A node that answers every call with the same result. */
async function answering(result: unknown): Promise<{ url: string; server: Server }> {
  const server = createHttpServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => response.end(JSON.stringify({ jsonrpc: "2.0", id: JSON.parse(body).id, result })));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

beforeAll(async () => {
  writeFileSync(specFile, serializeChainSpec(SPEC));
  ports = ["--rpc-port", `${await freePort()}`, "--network-port", `${await freePort()}`];
  writeFileSync(passwordFile, "festina");
  await runCommand("validator", "keys", "--out", keys, "--password-file", passwordFile);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe("festina init", () => {
  it("writes a folder that festina start reads", async () => {
    const folder = newFolder();
    const peers = [`${PEER}@10.0.0.1:30303`, `${PEER}@10.0.0.2:30303`];
    const seat = ["--validator", keys, "--password-file", passwordFile];
    const { code, out } = await init(folder, "--chain-spec", specFile, "--peers", peers.join(","), ...seat);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining(`festina start --config ${folder}`) });
    const config = loadNodeConfig(join(folder, "config.json"));
    expect(config).toMatchObject({
      dataDir: join(folder, "data"),
      network: { peers, port: Number(ports[3]), host: "127.0.0.1" },
      rpc: { port: Number(ports[1]), host: "127.0.0.1" },
      validator: { keyFolder: keys, passwordFile },
    });
    expect(existsSync(join(folder, "node.key"))).toBe(true);
    expect(specHash(loadChainSpec(config.chainSpecFile))).toBe(specHash(SPEC));
    expect(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")).chainSpecFile).toBe("chainspec.json");
  });

  it("takes bootnodes instead of peers to stay connected with", async () => {
    const folder = newFolder();
    const bootnodes = [`${PEER}@10.0.0.1:30303`];
    expect((await init(folder, "--chain-spec", specFile, "--bootnodes", bootnodes.join(","))).code).toBe(0);
    expect(loadNodeConfig(join(folder, "config.json")).network).toMatchObject({ peers: [], bootnodes });
    const wrong = newFolder();
    const { err } = await init(wrong, "--chain-spec", specFile, "--bootnodes", "10.0.0.1:30303");
    expect(err).toContain("[PEER_ADDRESS_INVALID]");
  });

  it("overwrites nothing", async () => {
    const folder = newFolder();
    expect((await init(folder, "--chain-spec", specFile)).code).toBe(0);
    const before = readFileSync(join(folder, "config.json"), "utf8");
    const again = await init(folder, "--chain-spec", specFile, "--peers", `${PEER}@10.0.0.1:1`);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining("[NODE_EXISTS]") });
    expect(readFileSync(join(folder, "config.json"), "utf8")).toBe(before);
  });

  it.each([
    ["a peer that is none", ["--peers", "10.0.0.1:30303"], "PEER_ADDRESS_INVALID", 2],
    ["another chain spec than expected", ["--spec-hash", PEER], "SPEC_HASH_MISMATCH", 1],
    ["keys that are not there", ["--validator", "/no/such/folder"], "KEY_FILE_UNREADABLE", 1],
  ])("given %s writes nothing", async (_what, args, reason, exitCode) => {
    const folder = newFolder();
    const { code, err } = await init(folder, "--chain-spec", specFile, ...args);
    expect({ code, err }).toEqual({ code: exitCode, err: expect.stringContaining(`[${reason}]`) });
    expect(existsSync(folder)).toBe(false);
  });

  it("takes no port that is in use, and no port twice", async () => {
    const busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, "127.0.0.1", resolve));
    const { port } = busy.address() as AddressInfo;
    const folder = newFolder();
    const inUse = await init(folder, "--chain-spec", specFile, "--rpc-port", `${port}`);
    await new Promise((resolve) => busy.close(resolve));
    expect(inUse).toMatchObject({ code: 1, err: expect.stringContaining("[PORT_IN_USE]") });
    const twice = await init(folder, "--chain-spec", specFile, "--rpc-port", ports[3] as string);
    expect(twice).toMatchObject({ code: 2, err: expect.stringContaining("[PORTS_EQUAL]") });
    expect(existsSync(folder)).toBe(false);
  });

  it("takes spec and peers from a node, whose wildcard address becomes the one it was asked at", async () => {
    const chainSpec = JSON.parse(serializeChainSpec(SPEC)) as unknown;
    const peers = [`${PEER}@0.0.0.0:30303`, `${PEER}@10.0.0.2:30303`];
    const { url, server } = await answering({ specHash: specHash(SPEC), chainSpec, peers });
    const folder = newFolder();
    const ran = await init(folder, "--from", url, "--json");
    server.close();
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(ran.out)).toMatchObject({
      specHash: specHash(SPEC),
      peers: [`${PEER}@127.0.0.1:30303`, peers[1]],
    });
  });

  it.each([
    [
      "a spec of another hash",
      { specHash: PEER, chainSpec: JSON.parse(serializeChainSpec(SPEC)), peers: [] },
      "SPEC_HASH_MISMATCH",
    ],
    ["a spec that is none", { specHash: PEER, chainSpec: { name: 7 }, peers: [] }, "CHAIN_SPEC_INVALID"],
    ["nothing", null, "INVITATION_INVALID"],
    ["peers that are none", { specHash: PEER, chainSpec: {}, peers: [7] }, "INVITATION_INVALID"],
  ])("given %s by a node writes nothing", async (_what, answer, reason) => {
    const { url, server } = await answering(answer);
    const folder = newFolder();
    const ran = await init(folder, "--from", url);
    server.close();
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining(`[${reason}]`) });
    expect(existsSync(folder)).toBe(false);
  });

  it("says so when nobody answers", async () => {
    const { code, err } = await init(newFolder(), "--from", `http://127.0.0.1:${ports[1]}`);
    expect({ code, err }).toEqual({
      code: 3,
      err: expect.stringMatching(/^error: .* \[RPC_UNREACHABLE\]\n {2}start one/),
    });
  });
});
