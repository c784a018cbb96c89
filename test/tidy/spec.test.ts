// docs/spec speaks of files, numbers and examples; here they are compared with what is built.
import { createHash } from "node:crypto";
import { dirname, join } from "node:path/posix";
import { argon2idPowEngine, createTruehashBands, createTruehashKernel } from "@festina/adapters";
import {
  DEFAULT_REWARD_RULES,
  DEVNET_PRESET,
  MAINNET_PRESET,
  type Preset,
  snailRewardWei,
  TEST_PRESET,
} from "@festina/chainspec";
import { VALIDATOR_REGISTRY_SELECTORS } from "@festina/contracts";
import { keccak256, SIGNING_DOMAIN, signingMessage } from "@festina/crypto";
import { drawCommittee, electionSeed } from "@festina/election";
import {
  DEFAULT_DISCOVERY_LIMITS,
  DEFAULT_NETWORK_LIMITS,
  encodeHandshake,
  MESSAGE_CLASSES,
  MESSAGES,
  PENALTIES,
  REFUSALS,
} from "@festina/network";
import {
  type Address,
  bytesToBigint,
  bytesToHex,
  concatBytes,
  type Hash32,
  type Hex,
  hexToBytes,
} from "@festina/primitives";
import {
  computeAsertDifficulty,
  continuePowSample,
  deriveTruehashTable,
  expandTruehashTable,
  keccakPowEngine,
} from "@festina/snailchain";
import { TABLE } from "@festina/storage";
import { DEFAULT_POOL_LIMITS } from "@festina/txpool";
import {
  computeFruitsRoot,
  encodeExtraData,
  hashFruit,
  hashHybridRequests,
  hashSnailHeader,
  NO_REQUESTS,
  REQUEST_TYPE,
  sealHash,
  TRANSACTION_TYPE,
} from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import { headingAnchors, namedLinks, namedPaths, readNumber, readTable } from "./specPages.ts";
import { listFiles, readText } from "./trackedFiles.ts";

const FOLDER = "docs/spec/";
const files = listFiles();
const pages = new Map(files.filter((path) => path.startsWith(FOLDER)).map((path) => [path, readText(path) ?? ""]));

function page(name: string): string {
  const text = pages.get(`${FOLDER}${name}.md`);
  if (text === undefined) throw new RangeError(`there is no page ${name}`);
  return text;
}

/** Without line breaks, which may come anywhere. */
const flowing = (name: string): string => page(name).replace(/\s+/g, " ");

/** First column to second, both as they stand. */
const columns = (rows: readonly (readonly string[])[], ...wanted: readonly number[]): readonly (readonly string[])[] =>
  rows.map((row) => wanted.map((column) => row[column] ?? ""));

const numbersOf = (rows: readonly (readonly string[])[]): Record<string, number | null> =>
  Object.fromEntries(rows.map(([name = "", value]) => [name, readNumber(value)]));

const hash = (byte: string): Hash32 => `0x${byte.repeat(32)}` as Hash32;
const address = (byte: string): Address => `0x${byte.repeat(20)}` as Address;
const grouped = (value: bigint): string => value.toLocaleString("en-US");

function brokenPaths(text: string): readonly string[] {
  return namedPaths(text).filter((path) => !files.some((file) => file === path || file.startsWith(`${path}/`)));
}

function brokenLinks(from: string, text: string): readonly string[] {
  return namedLinks(text).flatMap(({ file, anchor }) => {
    const target = file === "" ? from : join(dirname(from), file);
    const isThere = files.some((path) => path === target || path.startsWith(`${target}/`));
    const hasAnchor = anchor === "" || headingAnchors(readText(target) ?? "").includes(anchor);
    return isThere && hasAnchor ? [] : [`${file}#${anchor}`];
  });
}

describe("the specification", () => {
  it("names files that exist, and links to what is there", () => {
    expect(pages.size).toBe(9);
    for (const [path, text] of pages) {
      expect(namedPaths(text).length).toBeGreaterThan(3);
      expect([path, brokenPaths(text), brokenLinks(path, text)]).toEqual([path, [], []]);
    }
  });

  it("is read by a reader that finds mistakes", () => {
    expect(brokenPaths("`packages/types/src/index.ts` and `packages/types/src/indexes.ts`, `packages/types`")).toEqual([
      "packages/types/src/indexes.ts",
    ]);
    const links =
      "[a](rewards.md#fee-pot) [b](rewards.md#free-pot) [c](reward.md) [d](https://example.org) [e](../adr)";
    expect(brokenLinks(`${FOLDER}README.md`, links)).toEqual(["rewards.md#free-pot", "reward.md#"]);
    expect(readTable("| a | b |\n|---|---|\n| `x` | 1,024 \\| 2 |\n", "a", "b")).toEqual([["x", "1,024 \\| 2"]]);
    expect(() => readTable("| a |\n|---|\n", "a")).toThrow("no table");
    expect([readNumber("1,024"), readNumber("0xf0"), readNumber("0.1"), readNumber("1 KiB")]).toEqual([
      1024,
      240,
      0.1,
      null,
    ]);
  });

  it("gives each page a line in the index, and is linked from the front", () => {
    for (const path of pages.keys())
      if (path !== `${FOLDER}README.md`) expect(page("README")).toContain(`(${path.slice(FOLDER.length)})`);
    for (const path of ["README.md", "ARCHITECTURE.md"]) expect(readText(path)).toContain("(docs/spec)");
  });
});

describe("numbers of the specification", () => {
  it("are those of the messages", () => {
    const rows = readTable(page("network"), "message", "number");
    const built = Object.entries(MESSAGES).map(([name, message]) => {
      const reply = "reply" in message ? message.reply : "–";
      return [name, message.number, message.class, message.kind, message.payloadBytesMax, reply];
    });
    expect(
      rows.map(([name, number, of, kind, max, reply]) => [name, readNumber(number), of, kind, readNumber(max), reply]),
    ).toEqual(built);
    for (const [number, name] of REFUSALS.entries()) expect(flowing("network")).toContain(`${number} \`${name}\``);
  });

  it("are those of the network's limits and penalties", () => {
    const { lanes, allowances, ...single } = DEFAULT_NETWORK_LIMITS;
    const rows = readTable(page("network"), "limit", "value");
    expect(numbersOf([...columns(rows, 0, 1), ...columns(rows, 2, 3)].filter(([name]) => name !== ""))).toEqual(single);
    const found = readTable(page("network"), "discovery", "value");
    expect(numbersOf([...columns(found, 0, 1), ...columns(found, 2, 3)])).toEqual(DEFAULT_DISCOVERY_LIMITS);
    const classes = readTable(page("network"), "class", "messages/s");
    expect(classes.map((row) => row.map((cell) => readNumber(cell) ?? cell))).toEqual(
      MESSAGE_CLASSES.map((name) => {
        const { messagesPerSecond, messagesBurst, bytesPerSecond, bytesBurst } = allowances[name];
        const { framesMax, bytesMax, overflow } = lanes[name];
        return [name, messagesPerSecond, messagesBurst, bytesPerSecond, bytesBurst, framesMax, bytesMax, overflow];
      }),
    );
    const misdeeds = readTable(page("network"), "misdeed");
    expect(misdeeds.map(([name, action, points]) => [name, action, readNumber(points)])).toEqual(
      Object.entries(PENALTIES).map(([name, { action, points }]) => [name, action, points]),
    );
  });

  it("are those of presets, rewards and pool", () => {
    const rows = readTable(page("README"), "preset value");
    const presets: readonly Preset[] = [MAINNET_PRESET, DEVNET_PRESET, TEST_PRESET];
    for (const [index, preset] of presets.entries()) {
      const built = Object.entries(preset).map(([name, value]) => [name, Number(value)]);
      expect(numbersOf(columns(rows, 0, index + 1))).toEqual(Object.fromEntries(built));
    }
    const { split, ...rules } = DEFAULT_REWARD_RULES;
    const rewards = Object.entries({ ...rules, ...split }).map(([name, value]) => [name, grouped(BigInt(value))]);
    expect(columns(readTable(page("rewards"), "default"), 0, 1)).toEqual(rewards);
    for (const number of [4_500, 9_000])
      expect(flowing("rewards")).toContain(
        `${grouped(BigInt(number))} pays ${grouped(snailRewardWei(DEFAULT_REWARD_RULES, number))}`,
      );
    const pool = Object.entries(DEFAULT_POOL_LIMITS).map(([name, value]) => [name, Number(value)]);
    expect(numbersOf(readTable(page("transactions"), "limit", "value"))).toEqual(Object.fromEntries(pool));
  });

  it("are those of tables, requests, domains, transaction types and registry calls", () => {
    expect(numbersOf(readTable(page("storage"), "table", "byte"))).toEqual(TABLE);
    const requests = columns(readTable(page("fast-block"), "type", "name", "body"), 1, 0);
    expect(numbersOf(requests)).toEqual(REQUEST_TYPE);
    expect(Object.fromEntries(columns(readTable(page("voting"), "kind", "domain"), 0, 1))).toEqual(SIGNING_DOMAIN);
    const { legacy, ...typed } = TRANSACTION_TYPE;
    const types = columns(readTable(page("transactions"), "type", "name", "bytes"), 1, 0);
    expect(numbersOf(types)).toEqual({ ...typed, legacy: null });
    expect(legacy).toBe(0);
    const selectors: Readonly<Record<string, string>> = VALIDATOR_REGISTRY_SELECTORS;
    for (const [signature = "", selector] of readTable(page("committee"), "function", "selector"))
      expect([signature, selector]).toEqual([signature, selectors[signature.replace(/\(.*/, "")]]);
  });
});

describe("examples of the specification", () => {
  it("show the bytes that are signed, sent and hashed", () => {
    const context = { chainId: 19_330n, genesisHash: hash("11"), epoch: 1 };
    expect(page("voting")).toContain(bytesToHex(signingMessage(context, "viewChange", 2, null)));
    expect(page("fast-block")).toContain(bytesToHex(encodeExtraData({ epoch: 1, view: 2, milliseconds: 999 })));
    const noRequests = hashHybridRequests(NO_REQUESTS);
    expect(page("fast-block")).toContain(`${noRequests.slice(0, 10)}…${noRequests.slice(-4)}`);
    const handshake = {
      protocolVersion: 1,
      specHash: hash("11"),
      genesisHash: hash("22"),
      role: "member",
      agent: "festina",
      headNumber: 5,
      snailNumber: 1,
    } as const;
    expect(page("network")).toContain(bytesToHex(encodeHandshake(handshake)));
  });

  it("show the hashes of a snail header", () => {
    const zero = {
      supports: address("00"),
      anchorHash: hash("00"),
      certificateHash: hash("00"),
      boundaryHash: hash("00"),
    };
    const header = {
      ...zero,
      number: 1,
      parentHash: hash("11"),
      timestamp: 1_700_000_000,
      payout: address("aa"),
      anchorNumber: 0,
      fruitsRoot: computeFruitsRoot([]),
      packedFruits: 0,
      difficulty: 1_000n,
      pointerHash: hash("11"),
      fruitDifficulty: 100n,
      nonce: 7n,
    };
    const text = page("snail-chain");
    for (const shown of [sealHash(header), hashSnailHeader(header), hashFruit({ header })])
      expect(text).toContain(shown);
    expect(text).toContain(bytesToHex(keccakPowEngine.compute(sealHash(header), header.nonce)));
    expect(text).toContain(bytesToHex(argon2idPowEngine.compute(sealHash(header), header.nonce)));
    const table = deriveTruehashTable(continuePowSample(hexToBytes(hash("11"))));
    expect(text).toContain(createHash("sha3-256").update(expandTruehashTable(table)).digest("hex"));
    const kernel = createTruehashKernel(createTruehashBands(table));
    expect(text).toContain(bytesToHex(kernel.compute(sealHash(header), header.nonce)));
  });

  it("show the difficulty", () => {
    for (const row of readTable(page("snail-chain"), "packed fruits", "elapsed")) {
      const [packedFruits = 0, elapsedSeconds = 0, difficulty = 0] = row.map(readNumber).map(Number);
      const pace = { genesisDifficulty: 1_000_000n, halfLifeSeconds: 60, targetSeconds: 10, fruitsPerBlock: 10 };
      expect([packedFruits, computeAsertDifficulty({ ...pace, packedFruits, elapsedSeconds })]).toEqual([
        packedFruits,
        BigInt(difficulty),
      ]);
    }
  });

  it("show a draw", () => {
    const text = page("committee");
    const seed = electionSeed(hash("44"), hash("55"));
    const u = bytesToBigint(keccak256(concatBytes(hexToBytes(seed), Uint8Array.of(0))).subarray(0, 8));
    expect(flowing("committee")).toContain(`${seed}\`, u = ${u}`);
    const rows = readTable(text, "candidate", "weight");
    const entrants = rows.map(([name = "", weight, cap, , , , seats]) => {
      const byte = name.slice(2, 4);
      return { at: address(byte), byte, weight: BigInt(weight ?? 0), cap: BigInt(cap ?? 0), seats: Number(seats) };
    });
    const draw = drawCommittee({
      epoch: 1,
      seed,
      candidates: entrants.map(({ at, byte, cap }) => ({
        address: at,
        payout: at,
        publicKey: `0x${byte.repeat(48)}` as Hex,
        depositWei: cap * 100n,
        readyAt: 1,
        isLeaving: false,
      })),
      weights: new Map(entrants.map(({ at, weight }) => [at, weight])),
      voided: new Set(),
      windowStartHeight: 1,
      seats: 10,
      depositPerSeatWei: 100n,
      minValidators: 1,
      sitting: { epoch: 0, members: [] },
    });
    // In the order of the page too: it is the order of the draw.
    expect(draw.committee.members.map((member) => [member.address, member.seats])).toEqual(
      entrants.map(({ at, seats }) => [at, seats]),
    );
    const points = [...Array(10).keys()].map((i) => (((BigInt(i) << 64n) + u) * 1_000n) / (10n << 64n));
    expect(rows.flatMap(([, , , , first = ""]) => first.match(/\d{2,3}/g) ?? [])).toEqual(points.map(String));
  });
});
