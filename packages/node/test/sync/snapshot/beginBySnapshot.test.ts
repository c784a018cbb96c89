import { createMemoryStore } from "@festina/adapters";
import type { RecoveryRules } from "@festina/chainspec";
import type { Transport } from "@festina/network";
import { describe, expect, it } from "@jest/globals";
import type { NodeAdapters } from "../../../src/adaptersPort.ts";
import type { OpenedChain } from "../../../src/chain/openChain.ts";
import type { NodeSettings } from "../../../src/createNode.ts";
import { beginsBySnapshot } from "../../../src/sync/snapshot/beginBySnapshot.ts";
import { aSpec } from "../../committee/committee.ts";

const RECOVERY: RecoveryRules = { stallBlocks: 10, coolDownBlocks: 10, sinceSnailBlock: 0 };

describe("a node", () => {
  const begins = (
    changes: { readonly mode?: "snapshot" | "replay"; readonly head?: number; readonly recovery?: RecoveryRules } = {},
  ): boolean => {
    const { mode = "snapshot", head = 0, recovery } = changes;
    const spec = { ...aSpec(), ...(recovery === undefined ? {} : { recovery }) };
    return beginsBySnapshot(
      { spec, config: { network: {}, sync: { mode } } } as unknown as NodeSettings,
      { store: createMemoryStore(), transport: {} as Transport } as unknown as NodeAdapters,
      { committed: { head: { header: { number: head } } } } as unknown as OpenedChain,
    );
  };

  it("begins by snapshot where it is told to and has no blocks", () => {
    expect(begins()).toBe(true);
    expect(begins({ mode: "replay" })).toBe(false);
    expect(begins({ head: 1 })).toBe(false);
  });

  it("replays where the snail chain may seat a committee that no block names", () => {
    expect(begins({ recovery: RECOVERY })).toBe(false);
  });
});
