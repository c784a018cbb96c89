import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createFileDisk,
  createInterpreterEngine,
  createKeccakKernel,
  createSignatureSuite,
  loadOrCreateNodeKey,
  openLevelStore,
} from "@festina/adapters";
import { createDevnetSpec, serializeChainSpec } from "@festina/chainspec";
import { openChain, openJournal } from "@festina/node";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { checkProgram } from "../../src/doctor/checkMachine.ts";
import type { Finding } from "../../src/doctor/finding.ts";
import { createSeatFolder, readSeatFolder } from "../../src/seat/seatFolder.ts";
import { runCommand } from "../runCommand.ts";

const home = mkdtempSync(join(tmpdir(), "festina-cli-doctor-"));
const whole = join(home, "whole");
const passwordFile = join(home, "password");
let serial = 0;

/** A node's folder with a genesis, a seat and a node key; made once, copied for each test. */
beforeAll(async () => {
  mkdirSync(join(whole, "data"), { recursive: true });
  createSeatFolder(join(whole, "keys"), "festina");
  openJournal(createFileDisk(join(whole, "keys"))).close();
  writeFileSync(passwordFile, "festina");
  await loadOrCreateNodeKey(join(whole, "node.key"));
  const { address, publicKey, proofOfPossession } = readSeatFolder(join(whole, "keys"));
  const spec = createDevnetSpec({
    signatureSuite: "bls",
    chainId: 78n,
    genesisTimeSeconds: 1_700_000_000,
    genesisDifficulty: 1_000n,
    developmentAccounts: [],
    validators: [{ address, payout: address, publicKey, proofOfPossession }],
  });
  writeFileSync(join(whole, "chainspec.json"), serializeChainSpec(spec));
  const store = await openLevelStore(join(whole, "data/chain"));
  const suite = createSignatureSuite(spec.signatureSuite);
  await openChain({ spec, store, suite, keccak: createKeccakKernel(), engine: createInterpreterEngine() });
  await store.close();
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function folderWith(change: object = {}): string {
  const folder = join(home, `node-${++serial}`);
  cpSync(whole, folder, { recursive: true });
  const network = { port: 0, nodeKeyFile: "node.key" };
  const config = {
    chainSpecFile: "chainspec.json",
    dataDir: "data",
    rpc: null,
    network,
    validator: { keyFolder: "keys" },
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify({ ...config, ...change }));
  return folder;
}

async function examine(folder: string, ...options: readonly string[]) {
  const config = join(folder, "config.json");
  const { code, out } = await runCommand(
    "doctor",
    "--config",
    config,
    "--password-file",
    passwordFile,
    ...options,
    "--json",
  );
  const { isWell, findings } = JSON.parse(out) as { isWell: boolean; findings: readonly Finding[] };
  expect(code).toBe(isWell ? 0 : 1);
  // The disk is the machine's, whatever that is.
  return { isWell, findings: findings.filter(({ check }) => check !== "disk") };
}

/** Opening its keys takes longer than all else. */
const NO_SEAT = { validator: null };

const saying = (check: Finding["check"], verdict: Finding["verdict"], message: string) =>
  expect.arrayContaining([{ check, verdict, message: expect.stringContaining(message) }]);

describe("festina doctor", () => {
  it("finds a whole node well", async () => {
    const { isWell, findings } = await examine(folderWith(), "--password-file", passwordFile);
    expect(isWell).toBe(true);
    expect(findings.filter(({ verdict }) => verdict !== "ok")).toEqual([]);
    expect(findings).toEqual(saying("keys", "ok", "open with the password"));
    expect(findings).toEqual(saying("data", "ok", "the genesis"));
  });

  it.each([
    ["a field that is wrong", { rpc: { port: "many" } }, "configuration", "rpc.port"],
    ["a chain spec that is not there", { chainSpecFile: "none.json" }, "configuration", "FILE_UNREADABLE"],
    ["keys that are not there", { validator: { keyFolder: "none" } }, "keys", "cannot read"],
  ] as const)("says what is bad about %s", async (_what, change, check, message) => {
    const { isWell, findings } = await examine(folderWith(change));
    expect(isWell).toBe(false);
    expect(findings).toEqual(saying(check, "bad", message));
  });

  it("finds a port that another program has", async () => {
    const busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, "127.0.0.1", resolve));
    const { port } = busy.address() as AddressInfo;
    const { findings } = await examine(folderWith({ rpc: { port } }));
    await new Promise((resolve) => busy.close(resolve));
    expect(findings).toEqual(saying("ports", "bad", `port ${port} of rpc`));
  });

  it("finds secrets that others can read, and a wrong password", async () => {
    const folder = folderWith();
    chmodSync(join(folder, "node.key"), 0o644);
    expect((await examine(folder)).findings).toEqual(saying("keys", "warn", "chmod 600"));
    writeFileSync(join(folder, "password"), "lente");
    const { isWell, findings } = await examine(folder, "--password-file", join(folder, "password"));
    expect(isWell).toBe(false);
    expect(findings).toEqual(saying("keys", "bad", "wrong password"));
  });

  it("finds a signing record that is lost or damaged, which silences the seat but does not stop the node", async () => {
    const lost = folderWith();
    rmSync(join(lost, "keys/signing.record"));
    const damaged = folderWith();
    truncateSync(join(damaged, "keys/signing.record"), 100);
    for (const [folder, state] of [
      [lost, "missing"],
      [damaged, "damaged"],
    ] as const) {
      const { isWell, findings } = await examine(folder);
      expect(isWell).toBe(true);
      expect(findings).toEqual(saying("keys", "warn", `is ${state}`));
    }
  });

  it("says when the node runs, and looks through its data when it does not", async () => {
    const folder = folderWith();
    const store = await openLevelStore(join(folder, "data/chain"));
    expect((await examine(folder)).findings).toEqual(saying("data", "ok", "in use by the running node"));
    // The newest block's state, under another root.
    const entries = await store.entries({ from: Uint8Array.of(0x33), to: Uint8Array.of(0x34) });
    await store.write(entries.map(([key]) => ({ type: "del", key })));
    await store.close();
    const { isWell, findings } = await examine(folder);
    expect(isWell).toBe(false);
    expect(findings).toEqual(saying("data", "bad", "the state of block 0 is missing"));
  });

  it("rebuilds tables that do not open, when told to", async () => {
    const folder = folderWith();
    writeFileSync(join(folder, "data/chain/CURRENT"), "garbage");
    expect((await examine(folder)).findings).toEqual(saying("data", "bad", "--repair"));
    const { isWell, findings } = await examine(folder, "--repair");
    expect(findings).toEqual(saying("data", "warn", "rebuilt"));
    expect(findings).toEqual(saying("data", "ok", "the genesis"));
    expect(isWell).toBe(true);
  });

  it("names the format of the data, and converts that of an earlier one when told to", async () => {
    const folder = folderWith();
    const version = { type: "put", key: new TextEncoder().encode("\u0001formatVersion") } as const;
    const write = async (format: number): Promise<void> => {
      const store = await openLevelStore(join(folder, "data/chain"));
      await store.write([{ ...version, value: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, format) }]);
      await store.close();
    };
    expect((await examine(folder)).findings).toEqual(saying("data", "ok", "data format 4"));
    await write(3);
    const { isWell, findings } = await examine(folder);
    expect(isWell).toBe(true);
    expect(findings).toEqual(saying("data", "warn", "data format 3 of an earlier version"));
    expect((await examine(folder, "--repair")).findings).toEqual(saying("data", "ok", "converted from data format 3"));
    expect((await examine(folder)).findings).toEqual(saying("data", "ok", "data format 4"));
    for (const [format, said] of [
      [1, "delete the folder chain in dataDir, and nothing else"],
      [9, "a newer program wrote it"],
    ] as const) {
      await write(format);
      expect((await examine(folder, "--repair")).findings).toEqual(saying("data", "bad", said));
    }
  });

  it("compares the clock with a node's", async () => {
    const clock = createHttpServer((_request, response) => {
      response.setHeader("date", new Date(Date.now() - 60_000).toUTCString()).end();
    });
    await new Promise<void>((resolve) => clock.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(clock.address() as AddressInfo).port}`;
    const { findings } = await examine(folderWith(), "--from", url);
    clock.close();
    clock.closeAllConnections();
    expect(findings).toEqual(saying("clock", "bad", "s ahead of"));
    expect(findings).toEqual(saying("clock", "bad", "set it by NTP"));
  });

  it("says so where nobody tells the time", async () => {
    const mute = createHttpServer((_request, response) => {
      response.sendDate = false;
      response.end();
    });
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    expect((await examine(folderWith(NO_SEAT), "--from", url)).findings).toEqual(
      saying("clock", "warn", "tells no time"),
    );
    mute.closeAllConnections();
    await new Promise((resolve) => mute.close(resolve));
    for (const nobody of [url, "garbage", "http://", "\u0000"])
      expect((await examine(folderWith(NO_SEAT), "--from", nobody)).findings).toEqual(
        saying("clock", "warn", "does not answer"),
      );
  });

  it("rebuilds tables that open and cannot be read, and says what is left", async () => {
    const folder = folderWith(NO_SEAT);
    const chain = join(folder, "data/chain");
    // What is in the log becomes a table when it is opened the second time.
    await (await openLevelStore(chain)).close();
    const table = readdirSync(chain).find((name) => name.endsWith(".ldb")) as string;
    truncateSync(join(chain, table), 100);
    expect((await examine(folder)).findings).toEqual(saying("data", "bad", "--repair"));
    const { findings } = await examine(folder, "--repair");
    expect(findings).toEqual(saying("data", "warn", "rebuilt"));
    expect(findings).toEqual(saying("data", "ok", "no chain yet"));
  });

  it("does not take a folder for new whose CURRENT is gone", async () => {
    const folder = folderWith(NO_SEAT);
    rmSync(join(folder, "data/chain/CURRENT"));
    const { findings } = await examine(folder);
    expect(findings).toEqual(saying("data", "bad", "its file CURRENT is gone"));
    expect((await examine(folder, "--repair")).findings).toEqual(saying("data", "ok", "the genesis"));
  });

  it("finds a chain spec that the data did not begin with", async () => {
    const folder = folderWith(NO_SEAT);
    const file = join(folder, "chainspec.json");
    writeFileSync(file, readFileSync(file, "utf8").replace("1700000000", "1700000001"));
    expect((await examine(folder)).findings).toEqual(saying("data", "bad", "is of another chain spec"));
  });

  it("finds node keys that are none, or are gone", async () => {
    const garbage = folderWith(NO_SEAT);
    writeFileSync(join(garbage, "node.key"), "secret");
    expect((await examine(garbage)).findings).toEqual(saying("keys", "bad", "holds no private key"));
    const gone = folderWith(NO_SEAT);
    rmSync(join(gone, "node.key"));
    expect((await examine(gone)).findings).toEqual(saying("keys", "warn", "node.key is gone"));
    rmSync(join(gone, "data"), { recursive: true });
    expect((await examine(gone)).findings).toEqual(saying("keys", "ok", "no node key"));
  });

  it("finds a data folder that is a file, and an address that the machine does not have", async () => {
    const folder = folderWith({ ...NO_SEAT, rpc: { port: 8_545, host: "192.0.2.1" } });
    rmSync(join(folder, "data"), { recursive: true });
    writeFileSync(join(folder, "data"), "");
    const { code, out } = await runCommand("doctor", "--config", join(folder, "config.json"), "--json");
    const { findings } = JSON.parse(out) as { findings: readonly Finding[] };
    expect(code).toBe(1);
    expect(findings).toEqual(saying("disk", "bad", "dataDir must be a folder"));
    expect(findings).toEqual(saying("ports", "bad", "this machine has no such address"));
  });

  it("knows which Node is too old", () => {
    expect(["18.20.0", "20.18.9", "20.19.0", "24.1.0"].map((version) => checkProgram(version).verdict)).toEqual([
      ...["bad", "bad", "ok", "ok"],
    ]);
  });
});
