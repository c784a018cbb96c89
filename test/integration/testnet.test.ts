// docs/run-a-testnet.md, followed to the letter on one machine.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { waitFor } from "../../scripts/campaigns/devnet/patience.mjs";
import { connectTo } from "../../scripts/outside/askNode.mjs";
import { runPage } from "../../scripts/page/runPage.mjs";
import { findPortBase } from "../endToEnd/freePorts.ts";

const PAGE = resolve(import.meta.dirname, "../../docs/run-a-testnet.md");
const TIMEOUT_MS = 240_000;
const STEP_MS = 120_000;
const PROCESSES = 5;
const FUNDED = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const PEER_PORT_OFFSET = 22_000;

describe("a test network made by docs/run-a-testnet.md", () => {
  const folder = mkdtempSync(join(tmpdir(), "festina-testnet-"));
  const member = (name: string): string => join(folder, "reader/work", name);
  let hashes: readonly string[] = [];
  let status = "";
  /** What the light node answered, and what a full one did. */
  const proved: (readonly [unknown, unknown])[] = [];
  let lightStatus: { readonly role: string; readonly doing: string } | null = null;
  let roles: readonly string[] = [];

  beforeAll(async () => {
    const base = await findPortBase(PROCESSES + 1);
    const nodes = Array.from({ length: PROCESSES }, (_, index) => connectTo(`http://127.0.0.1:${base + index}`));
    const replace = {
      "--rpc-port 8545": `--rpc-port ${base}`,
      "--network-port 30545": `--network-port ${base + PEER_PORT_OFFSET}`,
      ":8545": `:${base}`,
      "--rpc-port 8645": `--rpc-port ${base + PROCESSES}`,
      ":8645": `:${base + PROCESSES}`,
    };
    const afterStep = async ({ text, output }: { text: string; output: string }): Promise<void> => {
      if (text.includes("eth_getBalance")) {
        const light = connectTo(`http://127.0.0.1:${base + PROCESSES}`);
        const questions = [
          ["eth_getBalance", FUNDED, "0x3"],
          ["eth_getBlockByNumber", "0x3", true],
          ["eth_getProof", FUNDED, [], "0x3"],
        ] as const;
        for (const [method, ...params] of questions)
          proved.push([await light(method, ...params), await nodes[0]?.(method, ...params)]);
        lightStatus = await light("festina_status");
      }
      if (!text.includes("festina status")) return;
      status = output;
      const blocks = await Promise.all(
        nodes.map((ask) =>
          waitFor("block 3", STEP_MS, async () => (await ask("eth_getBlockByNumber", "0x3", false))?.hash ?? null),
        ),
      );
      hashes = blocks;
      roles = await Promise.all(nodes.map(async (ask) => (await ask("festina_status")).role));
    };
    await runPage({
      ...{ page: PAGE, folder: join(folder, "reader"), replace, stepMs: STEP_MS, afterStep },
      print: () => undefined,
    });
  }, TIMEOUT_MS);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("finalises the same blocks on every machine", () => {
    expect(hashes).toHaveLength(PROCESSES);
    expect(new Set(hashes).size).toBe(1);
    expect(roles).toEqual(["member", "member", "member", "member", "miner"]);
    expect(status).toMatch(/^member: voting in view/m);
  });

  it("has folders that stand alone, with encrypted seat keys and no plain ones", () => {
    const names = ["net/member-1", "net/member-2", "net/member-3", "elsewhere"];
    const specs = new Set(names.map((name) => readFileSync(join(member(name), "chainspec.json"), "utf8")));
    expect(specs.size).toBe(1);
    for (const name of names) {
      expect(readFileSync(join(member(name), "config.json"), "utf8")).not.toMatch(/\.\.\/|signingKeyFile/);
      expect(existsSync(join(member(name), "keys/seat.json"))).toBe(true);
      expect(existsSync(join(member(name), "keys/signing.key"))).toBe(false);
    }
  });

  it("is followed by a light node that has answers proved", () => {
    expect(proved).toHaveLength(3);
    for (const [light, full] of proved) expect(light).toEqual(full);
    expect(lightStatus).toMatchObject({ role: "observer", doing: expect.stringMatching(/^light: /) });
  });

  it("tells others how to join", () => {
    const { network } = JSON.parse(readFileSync(join(member("sixth"), "config.json"), "utf8"));
    expect(network).toMatchObject({ peers: [], bootnodes: { length: PROCESSES } });
  });
});
