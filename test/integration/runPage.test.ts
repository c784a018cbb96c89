// Steps of a page end with whoever follows it, however that ends.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "@jest/globals";
import { waitFor } from "../endToEnd/waitFor.ts";

const RUN_PAGE = pathToFileURL(join(import.meta.dirname, "../../scripts/page/runPage.mjs")).href;

/** Not counting what has ended and nobody has waited for. */
function isAlive(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !status.slice(status.lastIndexOf(")")).startsWith(") Z");
  } catch {
    return false;
  }
}

describe("a page that is followed", () => {
  const folder = mkdtempSync(join(tmpdir(), "festina-run-page-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("leaves nothing behind that asks for ever when its follower is killed", async () => {
    const page = join(folder, "page.md");
    const fence = "```";
    writeFileSync(page, [`${fence}sh`, "echo $$ > step.pid", "until false; do sleep 0.2; done", fence, ""].join("\n"));
    const options = { page, folder, replace: {}, stepMs: 600_000 };
    const script = `import { runPage } from ${JSON.stringify(RUN_PAGE)};
      await runPage({ ...${JSON.stringify(options)}, print: () => undefined });`;
    const follower = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" });
    const file = join(folder, "work/step.pid");
    const pid = await waitFor("the step", 30_000, () =>
      existsSync(file) ? Number(readFileSync(file, "utf8")) || null : null,
    );
    expect(isAlive(pid)).toBe(true);
    follower.kill("SIGKILL");
    await waitFor("the end of the step", 30_000, () => (isAlive(pid) ? null : true));
  }, 70_000);
});
