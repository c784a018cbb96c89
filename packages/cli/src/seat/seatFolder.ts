// A validator's folder: its encrypted keys, and beside them the record of what they have signed, so that neither is moved,
// copied or restored without the other.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createBlsSuite, createFileDisk } from "@festina/adapters";
import { addressOfSecretKey } from "@festina/crypto";
import { createSecret, takeLock } from "@festina/devnet";
import { provisionSigningRecord } from "@festina/node";
import { type Address, bytesToHex, OperationError } from "@festina/primitives";
import { orThrow } from "../commands/context.ts";
import { type PasswordOptions, readPassword } from "../input/password.ts";
import { typedAddress } from "../input/typedAddress.ts";
import { CliError } from "../output/cliError.ts";
import { EXIT } from "../output/exitCodes.ts";
import {
  decryptSeatKeys,
  encryptSeatKeys,
  readSeatKeyFile,
  type SeatIdentity,
  type SeatKeyFile,
  type SeatSecrets,
} from "./seatKeys.ts";

const KEY_FILE = "seat.json";
const LOCK_FILE = "seat.lock";

export interface CreatedSeat {
  readonly identity: SeatIdentity;
  /** 32 bytes; every suite's keys are made of it. */
  readonly signingKey: Uint8Array;
}

/** Makes keys that have signed nothing. @throws CliError KEYS_EXIST */
export function createSeatFolder(folder: string, password: string): CreatedSeat {
  const file = join(folder, KEY_FILE);
  if (existsSync(file)) throw new CliError("KEYS_EXIST", `${folder} holds keys already; they are not overwritten`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const secrets = { signingKey: createSecret(), ownerKey: createSecret() };
  const suite = createBlsSuite();
  const identity = {
    address: addressOfSecretKey(secrets.ownerKey),
    publicKey: bytesToHex(suite.publicKey(secrets.signingKey)),
    proofOfPossession: bytesToHex(suite.provePossession(secrets.signingKey)),
  };
  const sealed = encryptSeatKeys(secrets, identity, password);
  // A file that cannot be opened again would lose the deposit: look before saying that it is safe.
  orThrow(decryptSeatKeys(sealed, password));
  // Keys whose record is missing were lost or copied, so the record comes first.
  provisionSigningRecord(createFileDisk(folder));
  writeFileSync(file, `${JSON.stringify(sealed, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  return { identity, signingKey: secrets.signingKey };
}

/** What is public of the folder's keys, with their ciphertext. @throws CliError */
export function readSeatFolder(folder: string): SeatKeyFile {
  const file = join(folder, KEY_FILE);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new CliError("KEY_FILE_UNREADABLE", `cannot read ${file}; festina validator keys --out ${folder} makes it`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CliError("SEAT_KEYS_INVALID", `${file} is not valid JSON`);
  }
  return orThrow(readSeatKeyFile(value));
}

/** How commands that need no secret are told which validator they are about. */
export interface NamedValidator {
  readonly keys?: string;
  readonly address?: string;
}

/** @throws CliError VALIDATOR_UNCLEAR unless exactly one of both is given */
export function chooseValidator({ keys, address }: NamedValidator): Address {
  if (keys !== undefined && address === undefined) return readSeatFolder(keys).address;
  if (keys === undefined && address !== undefined) return typedAddress(address);
  throw new CliError(
    "VALIDATOR_UNCLEAR",
    "name the validator by one of --keys FOLDER and --address ADDRESS",
    EXIT.usage,
  );
}

/** The secrets of a folder, by its password: from a file, the environment, or typed. */
export async function openSeatFolder(
  folder: string,
  options: PasswordOptions,
): Promise<SeatSecrets & { readonly identity: SeatIdentity }> {
  const file = readSeatFolder(folder);
  return { ...orThrow(decryptSeatKeys(file, await readPassword(options))), identity: file };
}

/** One node at a time signs with a folder's keys. Answers with what gives it back. @throws OperationError KEYS_IN_USE */
export function lockSeatFolder(folder: string): () => void {
  return takeLock(
    join(folder, LOCK_FILE),
    (pid) => new OperationError("KEYS_IN_USE", `process ${pid} signs with the keys in ${folder}; stop it first`),
  );
}
