// Runs one twins case.
import type { SigningContext } from "@festina/crypto";
import { GENESIS_HASH } from "../core/committees.ts";
import { TWINS_MEMBERS, twinsCase } from "./twinsCase.ts";
import { createTwinsSuite } from "./twinsSuite.ts";
import { type TwinsKeys, type TwinsOutcome, TwinsWorld } from "./twinsWorld.ts";

const KEY_BYTES = 32;

export function createTwinsKeys(): TwinsKeys {
  const secretKeys = Array.from({ length: TWINS_MEMBERS }, (_, member) => new Uint8Array(KEY_BYTES).fill(member + 1));
  // One context per epoch for all cases: what is signed is encoded once.
  const contexts = Array.from({ length: TWINS_MEMBERS + 1 }, (_, epoch): SigningContext => {
    return { chainId: 1n, genesisHash: GENESIS_HASH, epoch };
  });
  return { suite: createTwinsSuite(), secretKeys, contexts };
}

/** Case `index` of `TWINS_CASES`. */
export function runTwinsCase(index: number, keys: TwinsKeys): TwinsOutcome {
  return new TwinsWorld(twinsCase(index), keys).run();
}
