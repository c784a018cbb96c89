import { readFileSync, writeFileSync } from "node:fs";
import type { ChainSpec } from "@festina/chainspec";
import { OperationError } from "@festina/primitives";
import type { DevnetLayout } from "./layout.ts";

/** The choices that a devnet keeps for life. */
export interface DevnetManifest {
  readonly formatVersion: 1;
  readonly members: number;
  readonly miners: number;
  readonly chainId: number;
  /** RPC of member 1; members 2..n and then the miners follow. */
  readonly rpcPort: number;
  readonly networkPort: number;
  /** Seconds per snail block; the preset's when absent. */
  readonly snailSeconds?: number;
  /** Pause of an idle leader; the preset's when absent. 0: blocks only on demand; 1: empty blocks back to back. */
  readonly heartbeatMs?: number;
  /** Seconds for which the deposit of a validator that left stays locked; the spec's usual when absent. */
  readonly unbondingSeconds?: number;
  /** How votes are signed; the spec's usual when absent. */
  readonly suite?: ChainSpec["signatureSuite"];
  /** Proof of work; the cheap one when absent. */
  readonly pow?: ChainSpec["powEngine"];
}

export function loadManifest(layout: DevnetLayout): DevnetManifest | null {
  let text: string;
  try {
    text = readFileSync(layout.manifestFile, "utf8");
  } catch {
    return null;
  }
  const manifest = JSON.parse(text) as DevnetManifest;
  if (manifest.formatVersion !== 1) {
    throw new OperationError(
      "DEVNET_FORMAT_UNKNOWN",
      `${layout.manifestFile} was written by another version; start with --fresh to make a new network`,
    );
  }
  return manifest;
}

export function saveManifest(layout: DevnetLayout, manifest: DevnetManifest): void {
  writeFileSync(layout.manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
}
