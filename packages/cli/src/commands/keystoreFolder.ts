// The folder of keystore files, named as geth names them: by time and address.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Address } from "@festina/primitives";
import envPaths from "env-paths";
import type { KeystoreFile } from "../keystore.ts";
import { CliError } from "../output/cliError.ts";
import { EXIT } from "../output/exitCodes.ts";

export interface KeystoreOptions {
  readonly keystore?: string;
}

export interface StoredAccount {
  readonly address: Address;
  readonly file: string;
}

const NAME = /--([0-9a-f]{40})$/;

export function keystoreFolder({ keystore }: KeystoreOptions): string {
  return keystore ?? join(envPaths("festina", { suffix: "" }).data, "keystore");
}

/** By the time at which they were made. */
export function storedAccounts(options: KeystoreOptions): readonly StoredAccount[] {
  const folder = keystoreFolder(options);
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const match = NAME.exec(name);
    return match === null ? [] : [{ address: `0x${match[1]}` as Address, file: join(folder, name) }];
  });
}

/** @throws CliError ACCOUNT_UNKNOWN */
export function findAccount(address: string, options: KeystoreOptions): StoredAccount {
  const found = storedAccounts(options).find((account) => account.address === address.toLowerCase());
  if (found === undefined)
    throw new CliError(
      "ACCOUNT_UNKNOWN",
      `${keystoreFolder(options)} holds no key of ${address}; festina account list shows what it holds`,
      EXIT.notFound,
    );
  return found;
}

/** Answers with the file's path. */
export function storeAccount(file: KeystoreFile, options: KeystoreOptions): string {
  const folder = keystoreFolder(options);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${new Date().toISOString().replaceAll(":", "-")}--${file.address}`);
  writeFileSync(path, `${JSON.stringify(file)}\n`, { mode: 0o600, flag: "wx" });
  return path;
}
