// What a node needs that follows the chain by headers and outlines: one that begins by snapshot, and a light one.
import type { ChainSpec } from "@festina/chainspec";
import type { FastChainEnvironment } from "@festina/fastchain";
import type { Network } from "@festina/network";
import type { Clock, Hash32 } from "@festina/primitives";
import type { FastView, PowEngine } from "@festina/snailchain";
import type { KeyValueStore } from "@festina/storage";
import type { NodeAdapters, PowDataSetMaker } from "../../adaptersPort.ts";
import type { CommittedChain } from "../../chain/committedChain.ts";
import type { NodeSettings } from "../../createNode.ts";
import type { Log } from "../../log.ts";
import type { NodeParts } from "../../nodeParts.ts";
import { encodeRange } from "../payloads.ts";
import { decodeOutlines, OUTLINES_PER_REPLY_MAX } from "../statePayloads.ts";
import type { OutlineChain } from "./outlineChain.ts";
import type { PeerCircle } from "./peerCircle.ts";

export interface FollowerOptions {
  readonly spec: ChainSpec;
  readonly network: () => Network;
  readonly committed: CommittedChain;
  readonly store: KeyValueStore;
  readonly environment: FastChainEnvironment;
  readonly fastView: FastView;
  readonly powEngine: PowEngine;
  readonly powDataSets: PowDataSetMaker | null;
  readonly log: Log;
  readonly clock: Clock;
  readonly nowMs: () => number;
}

export function followerOptions(
  { spec }: Pick<NodeSettings, "spec">,
  adapters: NodeAdapters,
  parts: NodeParts,
  network: () => Network,
): FollowerOptions {
  const { store, powEngine, log, clock, nowMs } = adapters;
  return {
    ...{ spec, network, store, powEngine, log, clock, nowMs },
    ...{ committed: parts.committed, environment: parts.chain.environment, fastView: parts.fastView },
    powDataSets: adapters.powDataSets ?? null,
  };
}

/** Fetches the outlines above what is followed; how many came, or `null` when nobody who answers has any. */
export function fetchOutlines(
  circle: PeerCircle,
  outlines: OutlineChain,
  anchors: ReadonlyMap<number, Hash32>,
  isStopped: () => boolean,
): Promise<number | null> {
  const payload = encodeRange({ from: outlines.head.header.number + 1, count: OUTLINES_PER_REPLY_MAX });
  return circle.ask(
    "getFastOutlines",
    payload,
    async (bytes) => {
      const reply = decodeOutlines(bytes);
      const imported = reply.ok ? await outlines.import(reply.value, anchors) : reply;
      if (!imported.ok) return { kind: "forged", message: `${imported.error.code}: ${imported.error.message}` };
      return { kind: "taken", value: imported.value };
    },
    isStopped,
  );
}
