import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addressOfSecretKey } from "@festina/crypto";
import envPaths from "env-paths";
import { decryptKeystore, encryptKeystore } from "../keystore.ts";
import { CliError } from "../output/cliError.ts";
import { type CommandContext, orThrow, report } from "./context.ts";
import { loadSecretKey } from "./sender.ts";

export interface AccountOptions {
  readonly keystore?: string;
  readonly passwordFile?: string;
  readonly json?: boolean;
}

function keystoreFolder(options: AccountOptions): string {
  return options.keystore ?? join(envPaths("festina", { suffix: "" }).data, "keystore");
}

function requirePassword(options: AccountOptions): string {
  if (options.passwordFile === undefined)
    throw new CliError("PASSWORD_MISSING", "name a file with the password: --password-file FILE");
  try {
    return readFileSync(options.passwordFile, "utf8").trimEnd();
  } catch {
    throw new CliError("PASSWORD_MISSING", `cannot read ${options.passwordFile}`);
  }
}

function store(context: CommandContext, secretKey: Uint8Array, options: AccountOptions): void {
  const password = requirePassword(options);
  const file = encryptKeystore(secretKey, password);
  // A file that cannot be opened again would lose the account: look before saying that it is safe.
  orThrow(decryptKeystore(file, password));
  const folder = keystoreFolder(options);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${new Date().toISOString().replaceAll(":", "-")}--${file.address}`);
  writeFileSync(path, `${JSON.stringify(file)}\n`, { mode: 0o600, flag: "wx" });
  const address = addressOfSecretKey(secretKey);
  report(context, options.json, { address, file: path }, [address, `saved in ${path}`]);
}

/** `festina account new`: a fresh key in a version 3 keystore file. */
export function createAccount(context: CommandContext, options: AccountOptions): void {
  const secretKey = new Uint8Array(randomBytes(32));
  store(context, secretKey, options);
}

/** `festina account import FILE`: a key file into a keystore file. */
export function importAccount(context: CommandContext, file: string, options: AccountOptions): void {
  store(context, loadSecretKey(file, undefined), options);
}

/** `festina account list`. */
export function listAccounts(context: CommandContext, options: AccountOptions): void {
  let names: string[];
  try {
    names = readdirSync(keystoreFolder(options)).sort();
  } catch {
    names = [];
  }
  const addresses = names.flatMap((name) => {
    const match = /--([0-9a-f]{40})$/.exec(name);
    return match === null ? [] : [`0x${match[1]}`];
  });
  report(
    context,
    options.json,
    addresses,
    addresses.length === 0 ? ["no accounts yet; festina account new makes one"] : addresses,
  );
}
