import { join } from "node:path";

/** Where a devnet keeps its things. One folder per process, so that killing one never touches another's data. */
export interface DevnetLayout {
  readonly root: string;
  readonly chainSpecFile: string;
  /** What was chosen when the network was made; a later start must fit it. */
  readonly manifestFile: string;
  /** Socket through which `devnet kill` and `devnet restart` reach the running supervisor. */
  readonly controlSocket: string;
  readonly lockFile: string;
  process(name: string): ProcessLayout;
}

export interface ProcessLayout {
  readonly folder: string;
  readonly configFile: string;
  readonly dataDir: string;
  readonly nodeKeyFile: string;
  readonly signingKeyFile: string;
  readonly ownerKeyFile: string;
  readonly logFile: string;
}

export function devnetLayout(root: string): DevnetLayout {
  return {
    root,
    chainSpecFile: join(root, "chainspec.json"),
    manifestFile: join(root, "devnet.json"),
    controlSocket: join(root, "control.sock"),
    lockFile: join(root, "devnet.lock"),
    process: (name) => {
      const folder = join(root, name);
      return {
        folder,
        configFile: join(folder, "config.json"),
        dataDir: join(folder, "data"),
        nodeKeyFile: join(folder, "node.key"),
        signingKeyFile: join(folder, "signing.key"),
        ownerKeyFile: join(folder, "owner.key"),
        logFile: join(folder, "node.log"),
      };
    },
  };
}

export const memberName = (number: number): string => `member-${number}`;
export const minerName = (number: number): string => `miner-${number}`;
