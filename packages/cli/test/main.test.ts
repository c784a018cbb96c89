import { describe, expect, it } from "@jest/globals";
import { runCommand } from "./runCommand.ts";

const ADDRESS = `0x${"11".repeat(20)}`;

describe("a command line", () => {
  it("without a command shows the commands", async () => {
    const { code, out } = await runCommand();
    expect(code).toBe(0);
    for (const name of ["devnet", "init", "start", "account", "send", "deploy", "status", "mine", "validator"])
      expect(out).toMatch(new RegExp(`^ {2}${name}\\b`, "m"));
  });

  it.each([
    ["an unknown command", ["fly"], "unknown command 'fly'"],
    ["an unknown option", ["status", "--fast"], "unknown option '--fast'"],
    ["a missing option", ["start"], "required option '--config <file>' not specified"],
    ["a missing value", ["start", "--config"], "argument missing"],
    ["a missing argument", ["send", ADDRESS], "missing required argument 'amount'"],
    ["a number that is none", ["devnet", "--members", "four"], "expected a whole number from 1 to 16"],
    ["a number out of range", ["devnet", "--rpc-port", "65536"], "expected a whole number from 1 to 65535"],
    ["a broken number", ["devnet", "--miners", "1.5"], "expected a whole number from 0 to 8"],
    ["a pace out of range", ["devnet", "--snail-seconds", "0"], "expected a whole number from 1 to 600"],
    ["a page's path instead of its origin", ["dev", "--cors", "http://localhost:3000/app"], "expected origins such as"],
    ["an empty origin", ["start", "--config", "x", "--cors", "*,"], "expected origins such as"],
    ["a share above one", ["mine", "--payout", ADDRESS, "--cpu-share", "1.1"], "up to 1"],
    [
      "options that exclude each other",
      ["init", "--data-dir", "x", "--from", "u", "--chain-spec", "f"],
      "NETWORK_UNCLEAR",
    ],
    ["no network to join", ["init", "--data-dir", "no-such-folder"], "NETWORK_UNCLEAR"],
  ])("with %s is asked wrongly: exit code 2 and a reason", async (_what, args, reason) => {
    const { code, out, err } = await runCommand(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(reason);
    expect(err).not.toContain("    at ");
  });

  it.each([
    ["a configuration that is not there", ["start", "--config", "/no/such/file"], "FILE_UNREADABLE"],
    [
      "a chain spec that is not there",
      ["init", "--data-dir", "no-such-folder", "--chain-spec", "/no/x"],
      "FILE_UNREADABLE",
    ],
    ["a key file that is not there", ["send", ADDRESS, "1ether", "--key", "/no/such/file"], "KEY_FILE_UNREADABLE"],
    ["an address that is none", ["mine", "--payout", "0x12"], "["],
    ["an amount that is none", ["send", ADDRESS, "much"], "["],
  ])("with %s fails: exit code 1 and a code", async (_what, args, code) => {
    const ran = await runCommand(...args);
    expect(ran).toMatchObject({ code: 1, out: "" });
    expect(ran.err).toMatch(/^error: .* \[[A-Z_]+\]\n$/);
    expect(ran.err).toContain(code);
  });
});
