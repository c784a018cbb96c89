import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBlsSuite, createFileDisk } from "@festina/adapters";
import { openRecordFile } from "@festina/node";
import { hexToBytes } from "@festina/primitives";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { chooseValidator, lockSeatFolder, openSeatFolder, readSeatFolder } from "../../src/seat/seatFolder.ts";
import { runCommand } from "../runCommand.ts";

const home = mkdtempSync(join(tmpdir(), "festina-cli-seat-"));
const keys = join(home, "keys");
const passwordFile = join(home, "password");
const codeOf = (code: string) => expect.objectContaining({ code });

beforeAll(async () => {
  writeFileSync(passwordFile, "festina\n");
  const made = await runCommand("validator", "keys", "--out", keys, "--password-file", passwordFile);
  expect(made).toMatchObject({ code: 0, err: "" });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe("a folder of seat keys", () => {
  it("holds encrypted keys for its owner's eyes, and the record of a key that has signed nothing", () => {
    expect(readdirSync(keys).sort()).toEqual(["seat.json", "signing.record"]);
    expect(statSync(join(keys, "seat.json")).mode & 0o077).toBe(0);
    expect(openRecordFile(createFileDisk(keys)).state).toBe("whole");
  });

  it("names a key whose possession is proven", async () => {
    const { publicKey, proofOfPossession } = readSeatFolder(keys);
    const suite = createBlsSuite();
    expect(suite.verifyPossession(hexToBytes(publicKey), hexToBytes(proofOfPossession))).toBe(true);
    const { signingKey } = await openSeatFolder(keys, { passwordFile });
    expect(suite.publicKey(signingKey)).toEqual(hexToBytes(publicKey));
  });

  it("is never overwritten", async () => {
    const before = readFileSync(join(keys, "seat.json"), "utf8");
    const again = await runCommand("validator", "keys", "--out", keys, "--password-file", passwordFile);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining("[KEYS_EXIST]") });
    expect(readFileSync(join(keys, "seat.json"), "utf8")).toBe(before);
  });

  it("is signed with by one process at a time", () => {
    const copy = join(home, "locked");
    cpSync(keys, copy, { recursive: true });
    writeFileSync(join(copy, "seat.lock"), `${process.ppid}`);
    expect(() => lockSeatFolder(copy)).toThrow(codeOf("KEYS_IN_USE"));
    // Of a process that is gone, or of a container's run before this one.
    for (const owner of [2 ** 22 + 1, process.pid]) {
      writeFileSync(join(copy, "seat.lock"), `${owner}`);
      lockSeatFolder(copy)();
      expect(existsSync(join(copy, "seat.lock"))).toBe(false);
    }
  });

  it("is read from a damaged or missing file with a code", () => {
    const damaged = join(home, "damaged");
    cpSync(keys, damaged, { recursive: true });
    writeFileSync(join(damaged, "seat.json"), "{");
    expect(() => readSeatFolder(damaged)).toThrow(codeOf("SEAT_KEYS_INVALID"));
    expect(() => readSeatFolder(join(home, "nowhere"))).toThrow(codeOf("KEY_FILE_UNREADABLE"));
  });

  it("names a validator, or an address does, not both and not neither", () => {
    const { address } = readSeatFolder(keys);
    expect(chooseValidator({ keys })).toBe(address);
    expect(chooseValidator({ address: address.toUpperCase().replace("X", "x") })).toBe(address);
    for (const named of [{}, { keys, address }])
      expect(() => chooseValidator(named)).toThrow(codeOf("VALIDATOR_UNCLEAR"));
    expect(() => chooseValidator({ address: "0x12" })).toThrow();
  });
});

describe("festina validator support --config", () => {
  it("makes the fruits of a miner of one's own name the validator", async () => {
    const config = join(home, "miner.json");
    const payout = `0x${"11".repeat(20)}`;
    const others = [`0x${"22".repeat(20)}`];
    const base = { chainSpecFile: "chainspec.json", dataDir: "data", rpc: null, network: null };
    writeFileSync(config, JSON.stringify({ ...base, miner: { payout, supports: others, threads: 2 } }));
    const ran = await runCommand("validator", "support", "--keys", keys, "--config", config, "--json");
    expect(ran).toMatchObject({ code: 0, err: "" });
    const { miner } = JSON.parse(readFileSync(config, "utf8"));
    expect(miner).toEqual({ payout, supports: [readSeatFolder(keys).address], threads: 2 });
  });

  it("refuses a node without a miner", async () => {
    const config = join(home, "member.json");
    writeFileSync(config, JSON.stringify({ chainSpecFile: "c", dataDir: null, rpc: null, network: null }));
    const { code, err } = await runCommand("validator", "support", "--keys", keys, "--config", config);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("[MINER_MISSING]") });
  });
});
