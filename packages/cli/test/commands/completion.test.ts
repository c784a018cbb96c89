import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { runCommand } from "../runCommand.ts";

/** What bash would offer for a line whose last word is being typed. */
function bashOffers(script: string, ...line: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), "festina-completion-"));
  try {
    const file = join(folder, "festina");
    writeFileSync(file, script);
    const words = ["festina", ...line].map((word) => `'${word}'`).join(" ");
    const run = `source ${file}; COMP_WORDS=(${words}); COMP_CWORD=${line.length}; _festina; echo "\${COMPREPLY[@]}"`;
    return execFileSync("bash", ["-c", run], { encoding: "utf8", cwd: folder }).trim().split(" ");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("completion scripts", () => {
  it("complete commands, their commands, options and choices in bash", async () => {
    const { code, out } = await runCommand("completion", "bash");
    expect(code).toBe(0);
    expect(bashOffers(out, "dep")).toEqual(["deploy"]);
    expect(bashOffers(out, "account", "")).toEqual(expect.arrayContaining(["new", "import", "list", "export"]));
    expect(bashOffers(out, "dev", "--mn")).toEqual(["--mnemonic"]);
    expect(bashOffers(out, "dev", "--engine", "int")).toEqual(["interpreter"]);
    expect(bashOffers(out, "validator", "register", "--dep")).toEqual(["--deposit"]);
  });

  it("name every command in each shell", async () => {
    const { out: help } = await runCommand("--help");
    const names = [...help.matchAll(/^ {2}([a-z]+)\b/gm)]
      .map(([, name = ""]) => name)
      .filter((name) => name !== "help");
    expect(names.length).toBeGreaterThan(20);
    for (const shell of ["bash", "zsh", "fish"]) {
      const { out } = await runCommand("completion", shell);
      expect(names.filter((name) => !out.includes(name))).toEqual([]);
    }
  });
});
