import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type DevnetValidator, serializeChainSpec } from "@festina/chainspec";
import type { SignatureSuite } from "@festina/crypto";
import { type Address, bytesToHex, hexToBytes } from "@festina/primitives";
import { createSecret } from "./createSecret.ts";
import { type DevnetLayout, memberName, minerName, type ProcessLayout } from "./layout.ts";
import type { DevnetManifest } from "./manifest.ts";
import { createNetworkSpec, describeProcess } from "./networkFiles.ts";

/** What making a network needs from outside this package. */
export interface DevnetTools {
  readonly suite: SignatureSuite;
  readonly addressOfSecretKey: (secretKey: Uint8Array) => Address;
  /** Makes the node key when missing; answers with the node id. */
  readonly nodeIdOf: (nodeKeyFile: string) => string;
  /** Expected hashes for a snail block at the preset's pace and the miners' CPU share. */
  readonly calibrateDifficulty: () => bigint;
  readonly developmentAccounts: readonly Address[];
  readonly nowSeconds: () => number;
}

const LOOPBACK = "127.0.0.1";

function loadOrCreateSecret(file: string): Uint8Array {
  if (existsSync(file)) return hexToBytes(readFileSync(file, "utf8").trim());
  const secret = createSecret();
  writeFileSync(file, `${bytesToHex(secret)}\n`, { mode: 0o600 });
  return secret;
}

function createValidator(layout: ProcessLayout, { suite, addressOfSecretKey }: DevnetTools): DevnetValidator {
  const signingKey = loadOrCreateSecret(layout.signingKeyFile);
  const address = addressOfSecretKey(loadOrCreateSecret(layout.ownerKeyFile));
  return {
    address,
    payout: address,
    publicKey: bytesToHex(suite.publicKey(signingKey)),
    proofOfPossession: bytesToHex(suite.provePossession(signingKey)),
  };
}

interface Placed {
  readonly name: string;
  readonly layout: ProcessLayout;
  readonly rpcPort: number;
  readonly networkPort: number;
}

export function placeProcesses(layout: DevnetLayout, manifest: DevnetManifest): readonly Placed[] {
  const members = Array.from({ length: manifest.members }, (_, index) => memberName(index + 1));
  const miners = Array.from({ length: manifest.miners }, (_, index) => minerName(index + 1));
  return [...members, ...miners].map((name, index) => ({
    name,
    layout: layout.process(name),
    rpcPort: manifest.rpcPort + index,
    networkPort: manifest.networkPort + index,
  }));
}

function writeConfigs(
  layout: DevnetLayout,
  manifest: DevnetManifest,
  tools: DevnetTools,
  validators: readonly DevnetValidator[],
): void {
  const placed = placeProcesses(layout, manifest);
  const addresses = placed.map(
    (process) => `${tools.nodeIdOf(process.layout.nodeKeyFile)}@${LOOPBACK}:${process.networkPort}`,
  );
  const { developmentAccounts } = tools;
  placed.forEach((process, index) => {
    const isMember = index < manifest.members;
    const config = describeProcess(
      { listenHost: LOOPBACK, rpcPort: process.rpcPort, networkPort: process.networkPort },
      {
        chainSpecFile: "../chainspec.json",
        peers: addresses.filter((_, other) => other !== index),
        seat: isMember ? { signingKeyFile: "signing.key", ownerKeyFile: "owner.key" } : null,
        payout: developmentAccounts[index % developmentAccounts.length] as Address,
        supports: validators.map(({ address }) => address),
        developmentAccounts: developmentAccounts.length,
      },
    );
    writeFileSync(process.layout.configFile, `${JSON.stringify(config, null, 2)}\n`);
  });
}

/**
 * Makes keys, chain spec and configuration of a new network. The genesis time is now. The caller saves the manifest
 * last: a folder with a manifest is a whole network.
 */
export function prepareDevnet(layout: DevnetLayout, manifest: DevnetManifest, tools: DevnetTools): void {
  for (const { layout: folder } of placeProcesses(layout, manifest)) mkdirSync(folder.folder, { recursive: true });
  const validators = Array.from({ length: manifest.members }, (_, index) =>
    createValidator(layout.process(memberName(index + 1)), tools),
  );
  const spec = createNetworkSpec(manifest, {
    validators,
    funded: tools.developmentAccounts,
    genesisDifficulty: tools.calibrateDifficulty(),
    genesisTimeSeconds: tools.nowSeconds(),
  });
  writeFileSync(layout.chainSpecFile, serializeChainSpec(spec));
  writeConfigs(layout, manifest, tools, validators);
}
