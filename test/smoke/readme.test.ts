import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type DevnetProcess, startDevnet } from "../endToEnd/devnetProcess.ts";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");
/** The devnet of this test has other ports. */
const USUAL_URL = "http://127.0.0.1:8545";
const FESTINA = "node bin/festina.mjs ";

function blocks(language: string): readonly string[] {
  return [...README.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(([, text = ""]) =>
    text.trim(),
  );
}

const commands = blocks("sh").flatMap((text) => text.split("\n"));
const run = promisify(execFile);

describe("README", () => {
  const home = mkdtempSync(join(tmpdir(), "festina-readme-"));
  let devnet: DevnetProcess;

  beforeAll(async () => {
    const dataDir = join(home, ".festina/devnet");
    mkdirSync(dataDir, { recursive: true });
    devnet = await startDevnet({ dataDir });
    await devnet.waitForBlock(1, 30_000);
  }, 120_000);

  afterAll(async () => {
    await devnet.stop();
    rmSync(home, { recursive: true, force: true });
  }, 60_000);

  it("opens with the two commands", () => {
    expect(commands.slice(0, 2)).toEqual(["npm run devnet", "npm test"]);
  });

  it("names npm scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: object };
    const named = commands
      .filter((command) => command.startsWith("npm "))
      .map((command) => command.replace(/^npm (run )?/, ""));
    expect(named.length).toBeGreaterThanOrEqual(3);
    for (const name of named) expect(Object.keys(scripts)).toContain(name.split(" ")[0]);
  });

  it("names campaigns and benches that exist", () => {
    for (const [kind, folder] of [
      ["campaign", "campaigns"],
      ["bench", "bench"],
    ] as const) {
      const named = [...README.matchAll(new RegExp(`npm run ${kind} -- (\\w+)`, "g"))].map(([, name = ""]) => name);
      expect(named.length).toBeGreaterThan(0);
      const absent = named.filter((name) => !existsSync(join(ROOT, "scripts", folder, `${name}.mjs`)));
      expect(absent).toEqual([]);
    }
  });

  it("has every command in its table, and each of them can be asked for help", async () => {
    const rows = [...README.matchAll(/^\| (`festina .*?) \|/gm)].map(([, cell = ""]) => cell);
    const named = rows.flatMap((cell) => [...cell.matchAll(/`festina ([a-z]+)/g)].map(([, name = ""]) => name));
    const { stdout } = await run(process.execPath, [join(ROOT, "bin/festina.mjs"), "--help"]);
    const listed = [...stdout.matchAll(/^ {2}([a-z]+)(?: \[| <|\s{2})/gm)].map(([, name = ""]) => name);
    expect([...new Set(named)].sort()).toEqual(listed.filter((name) => name !== "help").sort());
  });

  it("shows what the user sees", () => {
    const picture = (blocks("text")[0] ?? "").split("\n").filter((line) => line.trim() !== "" && line.trim() !== "...");
    const shapes = picture.map((line) => line.replace(/:\d{4,5}$/, ":PORT"));
    const seen = new Set(devnet.lines.map((line) => line.trimEnd().replace(/:\d{4,5}$/, ":PORT")));
    // Events come in their own time; what is printed at the start must be there word for word.
    const isEvent = (line: string): boolean => /^(block|snail|election|epoch|all processes)/.test(line);
    expect(shapes.filter((line) => !isEvent(line) && !seen.has(line))).toEqual([]);
    expect(devnet.output).toMatch(/^block 1 {2}final {2}0 transactions {2}0 gas {2}view \d+$/m);
  });

  it("has commands that work", async () => {
    const festina = commands.filter((command) => command.startsWith(FESTINA));
    expect(festina.length).toBeGreaterThanOrEqual(4);
    for (const command of festina) {
      const args = [
        join(ROOT, "bin/festina.mjs"),
        ...command.slice(FESTINA.length).replace(USUAL_URL, devnet.url()).split(" "),
      ];
      const { stdout } = await run(process.execPath, args, {
        cwd: home,
        env: { ...process.env, FESTINA_RPC: devnet.url() },
      });
      expect([command, stdout.length > 0]).toEqual([command, true]);
    }
  }, 120_000);
});
