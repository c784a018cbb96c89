// A light node's chain: snail headers by work, and fast blocks by header and certificate, followed as they come.
import type { HybridState } from "@festina/fastchain";
import { type Hash32, pause } from "@festina/primitives";
import { type FollowerOptions, fetchOutlines } from "../sync/snapshot/followerOptions.ts";
import { OutlineChain } from "../sync/snapshot/outlineChain.ts";
import { PeerCircle } from "../sync/snapshot/peerCircle.ts";
import { SkeletonFetcher } from "../sync/snapshot/skeletonFetcher.ts";
import type { SkeletonBranch } from "../sync/snapshot/snailSkeleton.ts";
import { SyncProgress } from "../sync/snapshot/syncProgress.ts";
import { OUTLINES_PER_REPLY_MAX } from "../sync/statePayloads.ts";

/** Between questions for newer blocks, once there are none. */
const POLL_MS = 500;
/** Between questions for newer snail headers. */
const HEADERS_MS = 10_000;

export class LightChain {
  readonly #options: FollowerOptions;
  readonly #outlines: OutlineChain;
  readonly #headers: SkeletonFetcher;
  #isStopped = false;
  readonly circle: PeerCircle;
  readonly progress: SyncProgress;

  constructor(options: FollowerOptions) {
    this.#options = options;
    const { spec, committed, log, clock } = options;
    this.circle = new PeerCircle(options);
    this.progress = new SyncProgress(log, clock, () => this.circle.highest);
    const signing = { chainId: spec.chainId, genesisHash: committed.genesisHash };
    this.#outlines = new OutlineChain({ ...options, signing });
    this.#headers = new SkeletonFetcher({
      ...{ ...options, circle: this.circle, isStopped: this.isStopped },
      onHeaders: (count) => this.progress.report(count, count),
    });
  }

  readonly isStopped = (): boolean => this.#isStopped;

  /** The newest block under a COMMITTED certificate. */
  get head(): HybridState {
    return this.#outlines.head;
  }

  get snail(): SkeletonBranch {
    return this.#headers.best;
  }

  stop(): void {
    this.#isStopped = true;
    this.progress.leave();
  }

  /** Follows until it is stopped. */
  async run(): Promise<void> {
    const { clock, log } = this.#options;
    let anchors: ReadonlyMap<number, Hash32> = new Map();
    let headersAtMs = Number.NEGATIVE_INFINITY;
    this.progress.enter("headers");
    while (!this.#isStopped) {
      await this.circle.awaitPeers(this.isStopped);
      if (clock.nowMs() - headersAtMs >= HEADERS_MS) {
        headersAtMs = clock.nowMs();
        anchors = await this.#headers.run();
        if (!(await this.#outlines.confirm(anchors)))
          log.warn("lightOffAnchor", { number: this.head.header.number, hash: this.head.hash });
      }
      const before = this.head.header.number;
      while (!this.#isStopped && this.head.header.number < this.circle.highest) {
        if (this.circle.highest > this.head.header.number + OUTLINES_PER_REPLY_MAX)
          this.progress.enter("blocks", before);
        if ((await fetchOutlines(this.circle, this.#outlines, anchors, this.isStopped)) === null) break;
        this.progress.report(this.head.header.number, this.circle.highest);
      }
      this.progress.leave();
      if (this.head.header.number > before) this.#tell();
      await pause(clock, POLL_MS);
    }
  }

  #tell(): void {
    const { header, hash, committee } = this.head;
    this.#options.log.info("lightHead", { number: header.number, hash, epoch: committee.epoch });
  }
}
