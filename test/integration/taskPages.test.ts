// docs/deploy-a-contract.md, docs/fork-a-chain.md, docs/mine.md and docs/integrate-a-dapp.md, followed to the letter.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runPage } from "../../scripts/page/runPage.mjs";
import { findPortBase } from "../endToEnd/freePorts.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const STEP_MS = 150_000;
const TIMEOUT_MS = 300_000;

describe("the page", () => {
  const root = mkdtempSync(join(tmpdir(), "festina-pages-"));
  let port: number;

  beforeAll(async () => {
    port = await findPortBase(2);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  /** What each of its steps printed. */
  function follow(name: string, command: string, portOption: string): Promise<readonly string[]> {
    return followAll(name, {
      [command]: `${command} ${portOption} ${port}`,
      "until festina": `export FESTINA_RPC=http://127.0.0.1:${port}; until festina`,
      ":8545": `:${port}`,
    });
  }

  async function followAll(name: string, replace: Readonly<Record<string, string>>): Promise<readonly string[]> {
    const folder = join(root, name);
    mkdirSync(join(folder, "work"), { recursive: true });
    // As after `npm install viem`.
    symlinkSync(join(ROOT, "node_modules"), join(folder, "work/node_modules"));
    const outputs: string[] = [];
    await runPage({
      page: join(ROOT, `docs/${name}.md`),
      folder,
      replace,
      stepMs: STEP_MS,
      print: () => undefined,
      afterStep: ({ output }) => void outputs.push(output),
    });
    return outputs;
  }

  it(
    "deploy a contract",
    async () => {
      const outputs = await follow("deploy-a-contract", "festina dev", "--port");
      expect(outputs[3]).toMatch(/^7\n[\s\S]*^12\n[\s\S]*too much at once/m);
      expect(outputs[4]).toMatch(/0x[0-9a-f]{40}/);
    },
    TIMEOUT_MS,
  );

  it(
    "fork a chain",
    async () => {
      const outputs = await followAll("fork-a-chain", {
        ":8545": `:${port}`,
        "--port 8545": `--port ${port}`,
        ":9545": `:${port + 1}`,
        "--port 9545": `--port ${port + 1}`,
      });
      expect(outputs[3]).toMatch(/^7\n.*final in block 3.*\n12\n7\n$/);
      expect(outputs[5]).toMatch(/\n0\n"?0x1"?\n$/);
    },
    TIMEOUT_MS,
  );

  it(
    "mine",
    async () => {
      const outputs = await follow("mine", "festina devnet", "--rpc-port");
      expect(outputs[1]).toMatch(/fruits/);
      expect(outputs[2]).toMatch(/perHour|Reward|wei/i);
    },
    TIMEOUT_MS,
  );

  it(
    "integrate a wallet or a dapp",
    async () => {
      const outputs = await follow("integrate-a-dapp", "festina dev", "--port");
      expect(outputs[1]).toBe("success and final\n");
      expect(outputs[2]).toBe("7n wei in all, committed\n");
      expect(outputs[3]).toMatch(/0x1[\s\S]*true/);
    },
    TIMEOUT_MS,
  );
});
