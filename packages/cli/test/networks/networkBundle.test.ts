import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSignatureSuite } from "@festina/adapters";
import { createDevnetSpec, serializeChainSpec } from "@festina/chainspec";
import { type Address, bytesToHex, createPrng } from "@festina/primitives";
import { specHash } from "@festina/types";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { findNetworkNamed } from "../../src/networks/findNetwork.ts";
import { formatBundle, parseBundle, type SnapshotMark } from "../../src/networks/networkBundle.ts";
import { loadChainSpec, loadNodeConfig } from "../../src/nodeFiles.ts";
import { runCommand } from "../runCommand.ts";

const home = mkdtempSync(join(tmpdir(), "festina-cli-networks-"));
const suite = createSignatureSuite("bls");
const key = new Uint8Array(32).fill(3);
const OWNER = `0x${"11".repeat(20)}` as Address;
const publicKey = bytesToHex(suite.publicKey(key));
const SPEC = {
  ...createDevnetSpec({
    ...{ signatureSuite: "bls", chainId: 78n, genesisTimeSeconds: 1_700_000_000, genesisDifficulty: 1_000n },
    developmentAccounts: [],
    validators: [
      { address: OWNER, payout: OWNER, publicKey, proofOfPossession: bytesToHex(suite.provePossession(key)) },
    ],
  }),
  name: "lente",
};
const BOOTNODES = [`0x${"ab".repeat(32)}@10.0.0.1:30303`, `0x${"cd".repeat(32)}@node.example.org:30303`];
const MARK = { headNumber: 90, headHash: `0x${"12".repeat(32)}`, digest: `0x${"34".repeat(32)}` } as SnapshotMark;
let text = "";
let serial = 0;

/** A file with what is made of the bundle. */
function fileOf(change: (bundle: Record<string, unknown>) => unknown): string {
  const file = join(home, `${++serial}.json`);
  writeFileSync(file, JSON.stringify(change(JSON.parse(text))));
  return file;
}

const codeOf = async (named: string): Promise<string> =>
  findNetworkNamed(named, join(home, ".festina")).then(
    () => "taken",
    (error) => error.code,
  );

beforeAll(async () => {
  text = await formatBundle({ spec: SPEC, bootnodes: BOOTNODES });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe("a network's bundle", () => {
  it("gives back what went in", async () => {
    const found = await findNetworkNamed(fileOf((bundle) => bundle));
    expect(found.bootnodes).toEqual(BOOTNODES);
    expect(specHash(found.spec)).toBe(specHash(SPEC));
  });

  it.each<readonly [string, Record<string, unknown>, string]>([
    ["another format", { format: "festina-snapshot" }, "BUNDLE_INVALID"],
    ["a version to come", { version: 3 }, "BUNDLE_VERSION"],
    ["a snapshot that its version does not have", { snapshot: MARK }, "BUNDLE_INVALID"],
    ["a version whose snapshot is missing", { version: 2 }, "BUNDLE_INVALID"],
    ["a snapshot that was not told", { version: 2, snapshot: MARK }, "BUNDLE_DAMAGED"],
    ["no version", { version: undefined }, "BUNDLE_VERSION"],
    ["another name", { name: "festina" }, "BUNDLE_INVALID"],
    ["no name", { name: 7 }, "BUNDLE_INVALID"],
    ["a field too many", { ["x".repeat(10_000)]: 1 }, "BUNDLE_INVALID"],
    ["nodes that are none", { bootnodes: ["10.0.0.1:30303"] }, "BUNDLE_INVALID"],
    ["nodes that are no list", { bootnodes: { length: 2 } }, "BUNDLE_INVALID"],
    ["nodes without end", { bootnodes: Array(65).fill(BOOTNODES[0]) }, "BUNDLE_INVALID"],
    ["nodes of somebody else", { bootnodes: [BOOTNODES[0]] }, "BUNDLE_DAMAGED"],
    ["another genesis", { genesisHash: `0x${"00".repeat(32)}` }, "BUNDLE_DAMAGED"],
    ["another hash of its spec", { specHash: `0x${"00".repeat(32)}` }, "BUNDLE_DAMAGED"],
    ["another digest", { digest: `0x${"00".repeat(32)}` }, "BUNDLE_DAMAGED"],
    ["a digest that is none", { digest: null }, "BUNDLE_INVALID"],
    ["no chain spec", { chainSpec: null }, "CHAIN_SPEC_INVALID"],
    ["a chain spec that is none", { chainSpec: { name: 7 } }, "CHAIN_SPEC_INVALID"],
  ])("with %s is refused", async (_what, change, code) => {
    expect(await codeOf(fileOf((bundle) => ({ ...bundle, ...change })))).toBe(code);
  });

  it("names a snapshot where it knows one, and nobody changes that unseen", async () => {
    const whole = JSON.parse(await formatBundle({ spec: SPEC, bootnodes: BOOTNODES, snapshot: MARK }));
    expect(whole.version).toBe(2);
    expect(parseBundle(whole)).toMatchObject({ ok: true, value: { snapshot: MARK, bootnodes: BOOTNODES } });
    const other = `0x${"56".repeat(32)}`;
    for (const change of [{ headNumber: 91 }, { headHash: other }, { digest: other }])
      expect(parseBundle({ ...whole, snapshot: { ...MARK, ...change } })).toMatchObject({
        error: { code: "BUNDLE_DAMAGED" },
      });
    const wrong = [{ headNumber: 0 }, { headNumber: 1.5 }, { headHash: "0x12" }, { digest: null }, { size: 7 }];
    for (const snapshot of [null, "x", [], {}, ...wrong.map((change) => ({ ...MARK, ...change }))])
      expect(parseBundle({ ...whole, snapshot })).toMatchObject({ error: { code: "BUNDLE_INVALID" } });
    // One of the first version is as it always was.
    expect(JSON.parse(text)).toMatchObject({ version: 1, bootnodes: BOOTNODES });
    expect(JSON.parse(text).snapshot).toBeUndefined();
  });

  it("whose chain spec was changed is refused", async () => {
    const file = fileOf((bundle) => ({ ...bundle, chainSpec: { ...(bundle["chainSpec"] as object), chainId: "79n" } }));
    expect(await codeOf(file)).toBe("BUNDLE_DAMAGED");
  });

  it("changed anywhere is refused with a code, or still the same network", async () => {
    const random = createPrng(5);
    for (let round = 0; round < 400; round++) {
      const at = random.below(text.length);
      const changed = `${text.slice(0, at)}${String.fromCharCode(random.below(128))}${text.slice(at + 1 + random.below(3))}`;
      let value: unknown;
      try {
        value = JSON.parse(changed);
      } catch {
        continue;
      }
      const parsed = parseBundle(value);
      if (parsed.ok) expect([specHash(parsed.value.spec), parsed.value.bootnodes]).toEqual([specHash(SPEC), BOOTNODES]);
      else expect(parsed.error.code).toMatch(/^(BUNDLE|CHAIN_SPEC)_/);
    }
  });

  it.each([
    ["null", null],
    ["a list", [1]],
    [
      "nested without end",
      { format: "festina-network", version: 1, chainSpec: JSON.parse("[".repeat(3_000) + "]".repeat(3_000)) },
    ],
  ])("that is %s is refused with a code", (_what, value) => {
    expect(parseBundle(value)).toMatchObject({ ok: false, error: { code: "BUNDLE_INVALID" } });
  });

  it("that is no JSON, or too deep for any, is refused with a code", async () => {
    const file = join(home, "broken.json");
    for (const broken of ["", "{", "[".repeat(100_000), text.slice(0, -20)]) {
      writeFileSync(file, broken);
      expect(await codeOf(file)).toBe("FILE_INVALID");
    }
  });
});

describe("a network's name", () => {
  it("is that of a bundle among the networks known here", async () => {
    const networks = join(home, ".festina/networks");
    mkdirSync(networks, { recursive: true });
    writeFileSync(join(networks, "lente.json"), text);
    const { spec } = await findNetworkNamed("lente", join(home, ".festina"));
    expect(specHash(spec)).toBe(specHash(SPEC));
  });

  it.each(["festina", "devnet", "../networks/lente", "", "\u0000", "x".repeat(100_000)])(
    "%# that nobody knows is told with those known",
    async (name) => {
      expect(await codeOf(name)).toBe("NETWORK_UNKNOWN");
    },
  );
});

describe("festina init --network", () => {
  const init = (folder: string, ...more: readonly string[]) => runCommand("init", "--data-dir", folder, ...more);
  let ports: readonly string[] = [];

  beforeAll(async () => {
    const free = async (): Promise<string> => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as { port: number };
      await new Promise((resolve) => server.close(resolve));
      return `${port}`;
    };
    ports = ["--rpc-port", await free(), "--network-port", await free()];
  });

  it("writes a folder from a bundle, which needs nothing else", async () => {
    const folder = join(home, "node");
    const ran = await init(
      folder,
      "--network",
      fileOf((bundle) => bundle),
      ...ports,
      "--json",
    );
    expect(ran).toMatchObject({ code: 0, err: "" });
    const config = loadNodeConfig(join(folder, "config.json"));
    expect(config).toMatchObject({ network: { peers: [], bootnodes: BOOTNODES }, sync: { mode: "snapshot" } });
    expect(specHash(loadChainSpec(config.chainSpecFile))).toBe(specHash(SPEC));
  });

  it("takes a chain spec's file, and the network as an argument", async () => {
    const file = join(home, "spec.json");
    writeFileSync(file, serializeChainSpec(SPEC));
    expect(await init(join(home, "other"), file, ...ports)).toMatchObject({ code: 0, err: "" });
  });

  it("keeps old states or leaves them, as asked", async () => {
    const bundle = fileOf((value) => value);
    for (const history of ["full", "archive"]) {
      const folder = join(home, `history-${history}`);
      expect(await init(folder, bundle, ...ports, "--history", history)).toMatchObject({ code: 0, err: "" });
      expect(loadNodeConfig(join(folder, "config.json")).history).toBe(history);
    }
    const folder = join(home, "history-none");
    expect((await init(folder, bundle, ...ports, "--history", "some")).code).toBe(2);
    expect(existsSync(folder)).toBe(false);
  });

  it("given a snapshot that is none writes nothing", async () => {
    const random = createPrng(6);
    const folder = join(home, "garbage");
    const file = join(home, "garbage.snapshot");
    const bundle = fileOf((value) => value);
    const refusal = async (): Promise<string> => {
      const { code, err } = await init(folder, bundle, ...ports, "--snapshot", file, "--json");
      expect([code, existsSync(folder)]).toEqual([1, false]);
      return JSON.parse(err).error.code;
    };
    expect(await refusal()).toBe("FILE_UNREADABLE");
    const header = JSON.stringify({ format: "festina-snapshot", version: 1 });
    const length = Uint8Array.of(0, 0, 0, header.length);
    for (const bytes of ["", "garbage", random.bytes(4_000), Buffer.concat([length, Buffer.from(header)]), text]) {
      writeFileSync(file, bytes);
      expect(await refusal()).toBe("SNAPSHOT_INVALID");
    }
  });

  it.each([
    ["two ways to a network", ["--network", "devnet", "--chain-spec", "x"], "NETWORK_UNCLEAR", 2],
    ["two networks", ["devnet", "--network", "devnet"], "NETWORK_UNCLEAR", 2],
    ["a network that nobody knows", ["mainnet"], "NETWORK_UNKNOWN", 1],
  ])("given %s writes nothing", async (_what, args, reason, exitCode) => {
    const folder = join(home, "never");
    const { code, err } = await init(folder, ...args);
    expect({ code, err }).toEqual({ code: exitCode, err: expect.stringContaining(`[${reason}]`) });
    expect(existsSync(folder)).toBe(false);
  });
});
