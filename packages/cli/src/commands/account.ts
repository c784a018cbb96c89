import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { addressOfSecretKey } from "@festina/crypto";
import { bytesToHex } from "@festina/primitives";
import { type PasswordOptions, readPassword } from "../input/password.ts";
import { decryptKeystore, encryptKeystore } from "../keystore.ts";
import { CliError } from "../output/cliError.ts";
import { type CommandContext, orThrow, report } from "./context.ts";
import { findAccount, type KeystoreOptions, storeAccount, storedAccounts } from "./keystoreFolder.ts";
import { loadSecretKey } from "./sender.ts";

export interface AccountOptions extends KeystoreOptions, PasswordOptions {
  readonly json?: boolean;
}

async function store(context: CommandContext, secretKey: Uint8Array, options: AccountOptions): Promise<void> {
  const password = await readPassword(options, true);
  const file = encryptKeystore(secretKey, password);
  // A file that cannot be opened again would lose the account: look before saying that it is safe.
  orThrow(decryptKeystore(file, password));
  const path = storeAccount(file, options);
  const address = addressOfSecretKey(secretKey);
  report(context, options.json, { address, file: path }, [address, `saved in ${path}`]);
}

/** `festina account new`: a fresh key in a version 3 keystore file. */
export async function createAccount(context: CommandContext, options: AccountOptions): Promise<void> {
  await store(context, new Uint8Array(randomBytes(32)), options);
}

/** `festina account import FILE`: a key file, or a keystore file of another client under the same password. */
export async function importAccount(context: CommandContext, file: string, options: AccountOptions): Promise<void> {
  await store(context, await loadSecretKey(file, options), options);
}

/** `festina account list`. */
export function listAccounts(context: CommandContext, options: AccountOptions): void {
  const accounts = storedAccounts(options);
  const lines = accounts.map(({ address }) => address);
  report(
    context,
    options.json,
    accounts.map(({ address }) => address),
    lines.length === 0 ? ["no accounts yet; festina account new makes one"] : lines,
  );
}

/** `festina account export ADDRESS --out FILE`: the secret key, in a file that only its owner can read. */
export async function exportAccount(
  context: CommandContext,
  address: string,
  options: AccountOptions & { readonly out: string },
): Promise<void> {
  const { file } = findAccount(address, options);
  const secretKey = await loadSecretKey(file, options);
  try {
    writeFileSync(options.out, `${bytesToHex(secretKey)}\n`, { mode: 0o600, flag: "wx" });
  } catch {
    throw new CliError("FILE_UNWRITABLE", `cannot write ${options.out}; it must not be there yet`);
  }
  report(context, options.json, { address: addressOfSecretKey(secretKey), file: options.out }, [
    `the secret key of ${address} is in ${options.out}: whoever reads it has the account`,
  ]);
}
