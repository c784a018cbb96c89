import { describe, expect, it } from "@jest/globals";
import type { Command } from "commander";
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
    ["an address that is none", ["mine", "--payout", "0x12"], "ADDRESS_INVALID"],
    [
      "an address with a wrong checksum",
      ["send", "0x70997970C51812dc3A010C7d01b50e0d17dc79C9", "1ether"],
      "its capitals do not fit (EIP-55)",
    ],
    ["a node's address that is none", ["status", "--rpc", "my node"], "URL_INVALID"],
    ["a node's address of another kind", ["status", "--rpc", "ftp://127.0.0.1:8545"], "URL_INVALID"],
    ["an amount without a unit", ["send", ADDRESS, "1.5"], "has no unit"],
    ["an amount that is none", ["send", ADDRESS, "much"], "AMOUNT_INVALID"],
    ["too many arguments", ["status", "now"], "too many arguments"],
    ["a mistyped command", ["blok"], "(Did you mean block?)"],
    ["a mistyped command of a command", ["validator", "regster"], "(Did you mean register?)"],
    ["a mistyped option", ["status", "--jsno"], "(Did you mean --json?)"],
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
  ])("with %s fails: exit code 1 and a code", async (_what, args, code) => {
    const ran = await runCommand(...args);
    expect(ran).toMatchObject({ code: 1, out: "" });
    expect(ran.err).toMatch(/^error: .* \[[A-Z_]+\]\n$/);
    expect(ran.err).toContain(code);
  });

  it.each([
    [["fly", "--json"], "UNKNOWN_COMMAND"],
    [["status", "--fast", "--json"], "UNKNOWN_OPTION"],
    [["send", "--json"], "MISSING_ARGUMENT"],
    [["devnet", "--members", "x", "--json"], "INVALID_ARGUMENT"],
  ])("with %p is refused in JSON, once", async (args, code) => {
    const ran = await runCommand(...args);
    expect([ran.code, ran.out]).toEqual([2, ""]);
    expect(JSON.parse(ran.err)).toMatchObject({ error: { code, hint: "add --help for usage" } });
  });

  it("has a help with examples for every command, in which every option is one of its own", async () => {
    const { createProgram } = await import("../src/program/createProgram.ts");
    const context = { program: "", print: () => undefined, printError: () => undefined };
    const program = createProgram({ context, finish: () => undefined, asJson: false });
    const pathsOf = (command: Command, path: readonly string[]): readonly (readonly string[])[] => [
      path,
      ...command.commands.flatMap((each) => pathsOf(each, [...path, each.name()])),
    ];
    const paths = pathsOf(program, []);
    expect(paths.length).toBeGreaterThan(35);
    const helps = new Map<string, string>();
    for (const path of paths) {
      const { code, out } = await runCommand(...path, "--help");
      expect([path, code]).toEqual([path, 0]);
      helps.set(path.join(" "), out);
    }
    for (const [path, help] of helps) {
      const shown = [...help.matchAll(/^ {2}\$ festina (.*)$/gm)].map(([, line = ""]) => line);
      expect([path, shown.length > 0]).toEqual([path, true]);
      if (path === "") continue;
      for (const line of shown) {
        expect(line.startsWith(path)).toBe(true);
        // A command with commands of its own shows theirs.
        const deepest = [...helps.keys()].filter((each) => `${line} `.startsWith(`${each} `)).at(-1) ?? path;
        for (const [option] of line.matchAll(/(?<= )--[a-z-]+/g))
          expect([line, helps.get(deepest)?.includes(option)]).toEqual([line, true]);
      }
    }
  }, 30_000);

  it.each(["1", ":1", "127.0.0.1:1", "http://127.0.0.1:1"])("asks the node at %s", async (rpc) => {
    const ran = await runCommand("balance", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", "--rpc", rpc);
    expect(ran).toMatchObject({ code: 3, err: expect.stringContaining("no answer from http://127.0.0.1:1;") });
  });

  it("tells its version either way", async () => {
    const { code, out } = await runCommand("version");
    expect([code, out]).toEqual([0, (await runCommand("--version")).out]);
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
