import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, describe, expect, it } from "@jest/globals";
import { readPassword } from "../../src/input/password.ts";

const { stdin } = process;

/** A terminal at which these lines are typed, one for each question. */
function type(...lines: readonly string[]): void {
  const typed = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => typed });
  Object.defineProperty(process, "stdin", { value: typed, configurable: true });
  const waiting = [...lines];
  const { stderr } = process;
  const write = stderr.write;
  stderr.write = (text) => {
    const line = String(text).endsWith(": ") ? waiting.shift() : undefined;
    if (line !== undefined) setImmediate(() => typed.write(`${line}\n`));
    if (waiting.length === 0) stderr.write = write;
    return true;
  };
}

describe("a password", () => {
  afterEach(() => {
    delete process.env["FESTINA_PASSWORD"];
    Object.defineProperty(process, "stdin", { value: stdin, configurable: true });
  });

  it("comes from a file without the end of its line, before the environment", async () => {
    const folder = mkdtempSync(join(tmpdir(), "festina-password-"));
    const passwordFile = join(folder, "password");
    writeFileSync(passwordFile, " with blanks \r\n");
    process.env["FESTINA_PASSWORD"] = "other";
    expect(await readPassword({ passwordFile })).toBe(" with blanks ");
    expect(await readPassword({})).toBe("other");
    rmSync(folder, { recursive: true });
    await expect(readPassword({ passwordFile })).rejects.toMatchObject({ code: "PASSWORD_MISSING" });
  });

  it("is not waited for where nobody can type it", async () => {
    Object.defineProperty(process, "stdin", { value: new PassThrough(), configurable: true });
    await expect(readPassword({})).rejects.toMatchObject({ code: "PASSWORD_MISSING" });
  });

  it("is typed once, and twice where it is new", async () => {
    type("secret");
    expect(await readPassword({})).toBe("secret");
    type("secret", "secret");
    expect(await readPassword({}, true)).toBe("secret");
    type("secret", "other");
    await expect(readPassword({}, true)).rejects.toMatchObject({ code: "PASSWORDS_DIFFER" });
  });
});
