// A password never comes as an argument: arguments are in the shell's history, and everybody on the machine can see them.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { CliError } from "../output/cliError.ts";

export interface PasswordOptions {
  readonly passwordFile?: string;
}

const VARIABLE = "FESTINA_PASSWORD";

function readPasswordFile(file: string): string {
  try {
    return readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch {
    throw new CliError("PASSWORD_MISSING", `cannot read the password file ${file}`);
  }
}

/** What is typed is not shown. */
function prompt(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  return new Promise((resolve, reject) => {
    lines.once("line", (line) => {
      resolve(line);
      lines.close();
    });
    lines.once("close", () => {
      process.stderr.write("\n");
      reject(new CliError("PASSWORD_MISSING", "no password was typed"));
    });
  });
}

/**
 * From --password-file, else from the environment, else typed at a terminal (twice where `isNew`).
 * @throws CliError PASSWORD_MISSING, PASSWORDS_DIFFER
 */
export async function readPassword(options: PasswordOptions, isNew = false): Promise<string> {
  if (options.passwordFile !== undefined) return readPasswordFile(options.passwordFile);
  const given = process.env[VARIABLE];
  if (given !== undefined) return given;
  if (process.stdin.isTTY !== true)
    throw new CliError(
      "PASSWORD_MISSING",
      `name a file with the password (--password-file FILE), set ${VARIABLE}, or run this in a terminal to type it`,
    );
  const password = await prompt("password: ");
  if (isNew && (await prompt("once more: ")) !== password)
    throw new CliError("PASSWORDS_DIFFER", "the two passwords differ; nothing was saved");
  return password;
}
