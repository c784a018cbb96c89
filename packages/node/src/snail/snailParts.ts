// The snail chain's share of a node: the chain, its data sets, and those who work on it here and elsewhere.
import type { Address } from "@festina/primitives";
import type { FastView, SnailEntry } from "@festina/snailchain";
import type { NodeAdapters } from "../adaptersPort.ts";
import type { CommittedChain } from "../chain/committedChain.ts";
import type { NodeSettings } from "../createNode.ts";
import type { PeerNetwork } from "../sync/peerNetwork.ts";
import { MinerService } from "./minerService.ts";
import { PowDataService } from "./powDataService.ts";
import type { SnailDatabase } from "./snailDatabase.ts";
import { SnailService } from "./snailService.ts";
import { WorkDesk } from "./workDesk.ts";

export interface SnailPartsOptions {
  readonly settings: NodeSettings;
  readonly adapters: NodeAdapters;
  readonly database: SnailDatabase;
  readonly committed: CommittedChain;
  readonly fastView: FastView;
  readonly peers: PeerNetwork;
  /** Told of a new head before anybody works on it. */
  readonly onHead: (head: SnailEntry) => void;
  /** Whom the own miner's fruits are for, given whom its owner wants. Asked for each work. */
  readonly supported: (wanted: readonly Address[]) => readonly Address[];
}

export class SnailParts {
  readonly service: SnailService;
  readonly powData: PowDataService | null;
  readonly miner: MinerService | null;
  readonly workDesk: WorkDesk;
  readonly #options: SnailPartsOptions;

  constructor(options: SnailPartsOptions) {
    this.#options = options;
    this.service = this.#createService();
    this.powData = this.#createPowData();
    this.miner = this.#createMiner();
    this.workDesk = this.#createWorkDesk();
  }

  start(): void {
    this.powData?.onHead();
    this.miner?.start();
  }

  async stop(): Promise<void> {
    await this.miner?.stop();
    await this.powData?.stop();
    this.workDesk.close();
  }

  /** Work pins the newest final block. */
  onFastCommitted(): void {
    this.miner?.onFastCommitted();
    this.workDesk.onFastCommitted();
  }

  #onWorkChanged(): void {
    this.miner?.onSnailHead();
    this.workDesk.onSnailHead();
  }

  #createService(): SnailService {
    const { settings, adapters, fastView, database, peers, onHead } = this.#options;
    const { nowMs, log, powEngine } = adapters;
    return new SnailService({
      spec: settings.spec,
      engine: powEngine,
      fastView,
      database,
      network: peers.forSnailChain(),
      log,
      nowSeconds: () => Math.floor(nowMs() / 1000),
      onHead: (head) => {
        onHead(head);
        this.powData?.onHead();
        this.#onWorkChanged();
      },
      onFruits: () => {
        this.miner?.onFruits();
        this.workDesk.onFruits();
      },
      onDataSetWanted: (powKey) => this.powData?.want(powKey),
    });
  }

  #createPowData(): PowDataService | null {
    const { powEngine, powDataSets, clock, log } = this.#options.adapters;
    if (powDataSets === undefined) return null;
    return new PowDataService({
      engine: powEngine,
      maker: powDataSets,
      chain: this.service.chain,
      epochBlocks: this.#options.settings.spec.preset.powEpochBlocks,
      clock,
      log,
      onReady: (powKey) => {
        this.service.dataSetReady(powKey);
        this.#onWorkChanged();
      },
    });
  }

  #createMiner(): MinerService | null {
    const { settings, adapters, fastView, committed, supported } = this.#options;
    const { miner } = settings.config;
    if (miner === null) return null;
    const { powEngine, random, createSearch, clock, nowMs } = adapters;
    return new MinerService({
      engine: powEngine,
      fastView,
      committed,
      snail: this.service,
      maxFruits: settings.spec.preset.maxFruits,
      payout: miner.payout,
      supports: () => supported(miner.supports),
      // Miners that begin at the same nonce with the same work would all do the first one's.
      startNonce: BigInt(Math.floor(random() * 2 ** 32)) << 32n,
      createSearch: (onFound) => createSearch(miner, onFound),
      clock,
      nowMs,
    });
  }

  #createWorkDesk(): WorkDesk {
    const { settings, adapters, fastView, committed } = this.#options;
    const { powEngine: engine, clock, nowMs } = adapters;
    return new WorkDesk({ spec: settings.spec, engine, fastView, committed, snail: this.service, clock, nowMs });
  }
}
