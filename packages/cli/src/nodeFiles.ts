// The files of a node: its configuration and the chain spec that it names.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type ChainSpec, checkChainSpec, parseChainSpecJson } from "@festina/chainspec";
import { checkNodeConfig, type NodeConfig, type ValidatorKeys } from "@festina/node";
import { orThrow } from "./commands/context.ts";
import { CliError } from "./output/cliError.ts";

function readText(file: string, what: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new CliError("FILE_UNREADABLE", `cannot read the ${what} ${file}`);
  }
}

function parse<T>(text: string, file: string, read: (text: string) => T): T {
  try {
    return read(text);
  } catch {
    throw new CliError("FILE_INVALID", `${file} is not valid JSON`);
  }
}

function placeKeys(keys: ValidatorKeys, place: (path: string) => string): ValidatorKeys {
  if ("signingKeyFile" in keys)
    return { signingKeyFile: place(keys.signingKeyFile), ownerKeyFile: place(keys.ownerKeyFile) };
  const { keyFolder, passwordFile } = keys;
  return { keyFolder: place(keyFolder), passwordFile: passwordFile === null ? null : place(passwordFile) };
}

/**
 * The configuration with its relative paths resolved against the file's folder.
 *
 * @throws CliError FILE_UNREADABLE, FILE_INVALID, NODE_CONFIG_INVALID
 */
export function loadNodeConfig(file: string): NodeConfig {
  return placeConfig(parse(readText(file, "configuration"), file, JSON.parse), dirname(resolve(file)));
}

/** A parsed configuration, checked, with its relative paths resolved against `folder`. @throws CliError NODE_CONFIG_INVALID */
export function placeConfig(value: unknown, folder: string): NodeConfig {
  const config = orThrow(checkNodeConfig(value));
  const place = (path: string): string => resolve(folder, path);
  const { network, rpc, validator } = config;
  return {
    ...config,
    chainSpecFile: place(config.chainSpecFile),
    dataDir: config.dataDir === null ? null : place(config.dataDir),
    network: network === null ? null : { ...network, nodeKeyFile: place(network.nodeKeyFile) },
    rpc: rpc?.ipc === undefined ? rpc : { ...rpc, ipc: place(rpc.ipc) },
    validator: validator === null ? null : placeKeys(validator, place),
  };
}

/** @throws CliError FILE_UNREADABLE, FILE_INVALID, and what is wrong with the spec */
export function loadChainSpec(file: string): ChainSpec {
  return orThrow(checkChainSpec(parse(readText(file, "chain spec"), file, parseChainSpecJson)));
}
