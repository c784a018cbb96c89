// The snail headers of several peers at once, each peer's from genesis on. Who is slow gets a second chance with less to do.
import type { ChainSpec } from "@festina/chainspec";
import type { Network, NodeId } from "@festina/network";
import { assert, type Clock, type Hash32 } from "@festina/primitives";
import { type FastView, type PowEngine, readPowSample } from "@festina/snailchain";
import type { PowDataSetMaker } from "../../adaptersPort.ts";
import type { Log } from "../../log.ts";
import { PowDataService } from "../../snail/powDataService.ts";
import { encodeRange } from "../payloads.ts";
import { decodeSnailHeaders, SNAIL_HEADERS_PER_REPLY_MAX } from "../statePayloads.ts";
import type { PeerCircle } from "./peerCircle.ts";
import { SkeletonBranch, SnailSkeleton } from "./snailSkeleton.ts";

export interface SkeletonFetcherOptions {
  readonly spec: ChainSpec;
  readonly network: () => Network;
  readonly circle: PeerCircle;
  readonly fastView: FastView;
  readonly powEngine: PowEngine;
  readonly powDataSets: PowDataSetMaker | null;
  readonly log: Log;
  readonly clock: Clock;
  readonly nowMs: () => number;
  readonly isStopped: () => boolean;
  /** Headers of the heaviest chain so far. */
  readonly onHeaders: (count: number) => void;
}

/** Chains of headers compared. */
const BRANCHES_MAX = 8;
const REQUEST_TIMEOUT_MS = 8_000;
/** Without an answer, of one peer; others may have none to show either, as when our own machine stood still. */
const SILENCES_MAX = 3;
/** By what a request shrinks after a silence: a slow line may be all that is wrong. */
const SILENT_SHRINK = 8;

export class SkeletonFetcher {
  readonly #options: SkeletonFetcherOptions;
  readonly #skeleton: SnailSkeleton;
  readonly #branches = new Map<NodeId, SkeletonBranch>();
  readonly #dataSets = new Map<Hash32, Promise<void>>();

  constructor(options: SkeletonFetcherOptions) {
    this.#options = options;
    this.#skeleton = new SnailSkeleton({
      ...{ spec: options.spec, engine: options.powEngine, fastView: options.fastView },
      nowSeconds: () => Math.floor(options.nowMs() / 1_000),
    });
  }

  /** Of the heaviest chain so far. */
  get best(): SkeletonBranch {
    return this.#skeleton.best;
  }

  /** The fast blocks that the heaviest of the peers' snail chains anchors, by number. Goes on from the last time. */
  async run(): Promise<ReadonlyMap<number, Hash32>> {
    const { circle } = this.#options;
    await Promise.all(circle.peers.slice(0, BRANCHES_MAX).map((peer) => this.#follow(peer)));
    return this.#skeleton.anchors();
  }

  async #follow(peer: NodeId): Promise<void> {
    const { circle, onHeaders } = this.#options;
    const known = this.#branches.get(peer);
    let branch = known ?? new SkeletonBranch(this.#skeleton);
    let outcome = await this.#extend(branch, peer);
    if (outcome === "forked") {
      // An honest peer changes its mind when another chain has more work; what it had is in memory, so this is quick.
      branch = new SkeletonBranch(this.#skeleton);
      outcome = await this.#extend(branch, peer);
    }
    if (outcome !== "ended") {
      this.#branches.delete(peer);
      circle.blame(peer, "forged", "snail headers");
      return;
    }
    if (circle.peers.includes(peer)) this.#branches.set(peer, branch);
    else this.#branches.delete(peer);
    // What a peer gave before it fell silent is as good as any; its work is counted all the same.
    this.#skeleton.offer(branch);
    onHeaders(this.#skeleton.best.tip.block.header.number);
  }

  async #extend(branch: SkeletonBranch, peer: NodeId): Promise<"ended" | "forked" | "forged"> {
    const { circle, network, isStopped } = this.#options;
    let count = SNAIL_HEADERS_PER_REPLY_MAX;
    for (let silences = 0; !isStopped() && silences < SILENCES_MAX; ) {
      const before = branch.tip.block.header.number;
      const payload = encodeRange({ from: before + 1, count });
      const answer = await network().request(peer, "getSnailHeaders", payload, REQUEST_TIMEOUT_MS);
      if (!answer.ok) {
        // Refusals and partings prove nothing.
        if (answer.error.code !== "TIMEOUT" || circle.missed(peer) === "dropped") return "ended";
        silences += 1;
        count = Math.max(1, Math.floor(count / SILENT_SHRINK));
        continue;
      }
      circle.answered(peer);
      silences = 0;
      const headers = decodeSnailHeaders(answer.value);
      if (!headers.ok) return "forged";
      for (let rest = headers.value; rest.length > 0; ) {
        const extended = branch.extend(rest);
        if (extended.ok) break;
        if (extended.error.code === "SKELETON_FORKED") return "forked";
        if (extended.error.code !== "SKELETON_DATA_SET") return "forged";
        await this.#provide(`${extended.error.facts?.["powKey"]}` as Hash32, branch);
        rest = headers.value.slice(branch.tip.block.header.number - before);
      }
      if (branch.tip.block.header.number === before) return "ended";
    }
    return "ended";
  }

  /** Makes the data set that a header is proved with, once for all that wait for it. */
  #provide(powKey: Hash32, branch: SkeletonBranch): Promise<void> {
    const { powDataSets: maker, powEngine: engine, spec, clock, log } = this.#options;
    assert(maker !== null, "an engine with data sets comes with who makes them");
    const { powEpochBlocks: epochBlocks } = spec.preset;
    const known = this.#dataSets.get(powKey);
    if (known !== undefined) return known;
    const made = new Promise<void>((resolve) => {
      const chain = {
        head: () => ({ number: branch.tip.block.header.number, hash: branch.tip.hash }),
        powKeyAt: () => undefined,
        powSample: (key: Hash32) => readPowSample(branch, key, epochBlocks),
      };
      const service = new PowDataService({ engine, maker, chain, epochBlocks, clock, log, onReady: () => resolve() });
      service.want(powKey);
    });
    this.#dataSets.set(powKey, made);
    return made;
  }
}
