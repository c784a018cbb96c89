import type { ChainSpec } from "@festina/chainspec";
import {
  type BftTiming,
  drawRecovery,
  type ExecutedBlock,
  type HybridState,
  readCandidates,
  toBlockContext,
} from "@festina/fastchain";
import type { Network, NodeId, NodeRole } from "@festina/network";
import { type Address, assert } from "@festina/primitives";
import type { FastView } from "@festina/snailchain";
import { StateArchive, type StateStore } from "@festina/state";
import type { Certificate } from "@festina/types";
import type { NodeAdapters } from "./adaptersPort.ts";
import { toBlockRecord } from "./backend/chainReader.ts";
import type { CommittedChain } from "./chain/committedChain.ts";
import { CommittedLog } from "./chain/committedLog.ts";
import { FastChain } from "./chain/fastChain.ts";
import type { OpenedChain } from "./chain/openChain.ts";
import { STATES_KEPT, StatePruner } from "./chain/statePruner.ts";
import { type BlockPolicy, createUsualPolicy } from "./consensus/blockPolicy.ts";
import { ConsensusRunner } from "./consensus/consensusRunner.ts";
import { type ConsensusJournal, createIdleJournal, openJournal } from "./consensus/journal.ts";
import { MemberSessions, type SessionProof } from "./consensus/memberSessions.ts";
import { Proposer } from "./consensus/proposer.ts";
import { openRecordFile } from "./consensus/recordFile.ts";
import { createSigner, type Signer } from "./consensus/signer.ts";
import type { NodeSettings } from "./createNode.ts";
import { ReadyDuty } from "./duties/readyDuty.ts";
import { EventHub } from "./events.ts";
import { Attendance } from "./evidence/attendance.ts";
import { EvidenceService } from "./evidence/evidenceService.ts";
import { TransactionService } from "./pool/transactionService.ts";
import { RecoveryService } from "./recovery/recoveryService.ts";
import { createFastView } from "./snail/committedFastView.ts";
import { SnailDatabase } from "./snail/snailDatabase.ts";
import { SnailParts } from "./snail/snailParts.ts";
import type { SnailService } from "./snail/snailService.ts";
import { ChainSync } from "./sync/chainSync.ts";
import { CompactProposals } from "./sync/compact/compactProposals.ts";
import { HeadAnnouncer } from "./sync/headAnnouncer.ts";
import { HistoryBackfill } from "./sync/historyBackfill.ts";
import { PeerHeads } from "./sync/peerHeads.ts";
import { PeerNetwork } from "./sync/peerNetwork.ts";
import { placeOfFinality } from "./sync/placeOfFinality.ts";

/** A dead leader's view costs two of these and an exchange of VIEW-CHANGEs: together below 600 ms on one machine. */
const DELTA_MS = 285;
const DELTA_MS_MAX = 30_000;
const EXECUTION_BUDGET_MS = 1_000;

function timingOf({ preset }: ChainSpec): BftTiming {
  return {
    heartbeatMs: preset.heartbeatMs,
    minBlockIntervalMs: preset.minBlockIntervalMs,
    deltaMs: DELTA_MS,
    deltaMsMax: DELTA_MS_MAX,
    executionBudgetMs: EXECUTION_BUDGET_MS,
  };
}

/**
 * The parts of a node and the wires between them. Parts know each other only through what is passed to them here; this
 * file decides nothing that a rule decides.
 */
export class NodeParts {
  readonly committed: CommittedChain;
  readonly states: StateStore;
  readonly archive: StateArchive;
  readonly fastView: FastView;
  readonly events: EventHub;
  readonly signer: Signer | null;
  readonly journal: ConsensusJournal;
  readonly database: SnailDatabase;
  readonly proposals: CompactProposals;
  readonly peers: PeerNetwork;
  readonly snailParts: SnailParts;
  readonly snail: SnailService;
  readonly transactions: TransactionService;
  readonly chain: FastChain;
  readonly evidence: EvidenceService;
  readonly attendance: Attendance;
  readonly sessions: MemberSessions;
  readonly consensus: ConsensusRunner;
  readonly recovery: RecoveryService;
  readonly sync: ChainSync;
  readonly announcer: HeadAnnouncer;
  readonly peerHeads = new PeerHeads();
  readonly backfill: HistoryBackfill;
  readonly pruner: StatePruner;
  readonly policy: BlockPolicy;
  readonly #duty: ReadyDuty | null;
  readonly #settings: NodeSettings;
  readonly #adapters: NodeAdapters;
  readonly #onFatal: (error: unknown) => void;
  readonly #committedLog: CommittedLog;
  readonly #ownSession: () => SessionProof | null;
  #proof: SessionProof | null = null;

  /** `network` answers once the network is made, which is before anything runs. */
  constructor(
    settings: NodeSettings,
    adapters: NodeAdapters,
    opened: OpenedChain,
    network: () => Network,
    onFatal: (error: unknown) => void,
  ) {
    this.#settings = settings;
    this.#adapters = adapters;
    this.#onFatal = onFatal;
    this.#committedLog = new CommittedLog(adapters.log, () => adapters.clock.nowMs());
    this.policy = settings.policy ?? createUsualPolicy(adapters.nowMs);
    this.committed = opened.committed;
    this.states = opened.states;
    this.archive = new StateArchive(adapters.store, adapters.keccak, this.states.nodes);
    this.fastView = createFastView(this.committed);
    this.events = new EventHub(onFatal);
    const { validator } = settings;
    this.journal = validator === null ? createIdleJournal() : openJournal(adapters.disk);
    this.signer =
      validator === null
        ? null
        : createSigner(validator.signingKey, adapters.suite, openRecordFile(adapters.disk), this.journal);
    this.database = new SnailDatabase(adapters.store, onFatal);
    this.proposals = this.#createProposals(network);
    this.peers = new PeerNetwork(
      network,
      this.proposals,
      (block, from) => this.snail.receiveBlock(block, from),
      onFatal,
    );
    this.snailParts = this.#createSnailParts();
    this.snail = this.snailParts.service;
    this.transactions = this.#createTransactions();
    this.chain = this.#createChain();
    this.attendance = new Attendance(adapters.clock);
    this.evidence = new EvidenceService({
      chain: this.chain,
      store: adapters.store,
      network: this.peers,
      log: adapters.log,
      onChanged: () => this.consensus.refreshWork(),
      onFatal,
    });
    this.sessions = new MemberSessions(adapters.suite, this.chain.signing);
    this.#ownSession = () => this.signer?.proveSession(this.chain.signing, network().nodeId) ?? null;
    this.consensus = this.#createConsensus();
    this.recovery = this.#createRecovery();
    this.sync = new ChainSync({
      network,
      chain: this.chain,
      snail: this.snail,
      log: adapters.log,
      nowMs: adapters.nowMs,
      clock: adapters.clock,
      mayRecover: settings.spec.recovery !== undefined,
      onSynced: (certificate, height) => this.consensus.onSynced(certificate, height),
      onFatal,
    });
    this.backfill = new HistoryBackfill({
      ...{
        network,
        committed: this.committed,
        store: adapters.store,
        clock: adapters.clock,
        log: adapters.log,
        onFatal,
      },
      recover: (transaction) => this.transactions.recover(transaction),
    });
    const { history = "archive", statesKept = STATES_KEPT } = settings.config;
    this.pruner = new StatePruner({
      ...{ ...adapters, committed: this.committed, nodes: this.states.nodes, onFatal },
      exclusively: (task) => this.chain.exclusively(task),
      keep: history === "full" ? statesKept : null,
    });
    this.announcer = new HeadAnnouncer({
      clock: adapters.clock,
      snailNumber: () => this.snail.chain.head().number,
      tell: (mayLack) => this.peers.broadcastStatus(this.heads(), mayLack),
    });
    this.#duty = this.#createDuty();
  }

  get role(): NodeRole {
    if (this.signer !== null) return "member";
    return this.snailParts.miner === null ? "observer" : "miner";
  }

  heads(): { readonly fastNumber: number; readonly snailNumber: number } {
    return { fastNumber: this.committed.head.header.number, snailNumber: this.snail.chain.head().number };
  }

  /** That sessions of this node are its validator's; `null` where it has none. */
  ownProof(): SessionProof | null {
    this.#proof ??= this.#ownSession();
    return this.#proof;
  }

  /** Tells a new peer which validator it talks to. */
  introduce(peer: NodeId): void {
    const proof = this.ownProof();
    if (proof !== null) this.peers.sendSessionProof(peer, proof);
  }

  #createProposals(network: () => Network): CompactProposals {
    return new CompactProposals({
      network,
      isCompact: this.#settings.config.network?.compactProposals ?? true,
      block: (hash) => this.chain.pending.block(hash),
      transaction: (hash) => this.transactions.known(hash),
      isAwaited: (message, number) => this.consensus.awaits(message, number),
      isFromLeader: (message, peer) => this.sessions.isFromLeader(message, peer, this.consensus.committee),
      fetchBlock: (hash, from) => this.peers.fetchFastBlock(hash, from),
      clock: this.#adapters.clock,
      log: this.#adapters.log,
      onFatal: this.#onFatal,
    });
  }

  #createSnailParts(): SnailParts {
    const { committed, fastView, peers, database } = this;
    return new SnailParts({
      settings: this.#settings,
      adapters: this.#adapters,
      database,
      committed,
      fastView,
      peers,
      onHead: ({ block, hash }) => {
        this.events.emit({ kind: "snailBlock", number: block.header.number, hash });
        this.recovery.refresh();
        this.consensus.refreshWork();
      },
      supported: (wanted) => this.recovery.supported(wanted),
    });
  }

  #createTransactions(): TransactionService {
    return new TransactionService({
      spec: this.#settings.spec,
      states: this.states,
      recoverPublicKey: this.#adapters.recoverPublicKey,
      head: () => this.committed.head,
      pending: () => this.chain.pending,
      nowMs: this.#adapters.nowMs,
      limits: this.#settings.poolLimits ?? {},
      onAdmitted: (transaction, from) => {
        this.peers.announceTransaction(transaction, from);
        this.events.emit({ kind: "pendingTransaction", hash: transaction.hash });
        this.consensus.refreshWork();
      },
    });
  }

  #createChain(): FastChain {
    const { suite, engine, recoverPublicKey, store } = this.#adapters;
    const { states } = this;
    return new FastChain({
      committed: this.committed,
      states,
      store,
      environment: {
        spec: this.#settings.spec,
        suite,
        engine,
        recoverPublicKey,
        recover: (transaction) => this.transactions.recover(transaction),
        states: {
          open: (root) => states.open(root),
          seal: (parent, view) => states.seal(parent, view as ReturnType<StateStore["open"]>),
        },
        snail: this.snail,
        epochs: this.committed,
      },
      onCommitted: (executed, certificate) => this.#onCommitted(executed, certificate),
    });
  }

  #createConsensus(): ConsensusRunner {
    const { spec } = this.#settings;
    const { clock, nowMs } = this.#adapters;
    return new ConsensusRunner({
      chain: this.chain,
      network: this.peers.forConsensus(),
      pointers: this.snail,
      isFromLeader: (message, peer, committee) => this.sessions.isFromLeader(message, peer, committee),
      isFromVoter: (vote, peer, committee) => this.sessions.isFromVoter(vote, peer, committee),
      signer: this.signer,
      journal: this.journal,
      log: this.#adapters.log,
      onFatal: this.#onFatal,
      timing: timingOf(spec),
      maySign: () => this.recovery.maySign,
      clock,
      nowMs,
      proposer: this.#createProposer(),
      onMisbehaviour: (evidence) => this.evidence.receive(evidence, ""),
    });
  }

  #createProposer(): Proposer {
    const { committed, chain, snail, transactions, evidence } = this;
    return new Proposer({
      ...this.#adapters,
      spec: this.#settings.spec,
      policy: this.policy,
      committed,
      chain,
      snail,
      transactions,
      evidence,
      fullest: (certificate) => this.consensus.fullest(certificate),
    });
  }

  #createRecovery(): RecoveryService {
    const { spec } = this.#settings;
    const { committed, chain, consensus } = this;
    return new RecoveryService({
      spec,
      committed,
      snail: this.snail.chain,
      draw: (base, cut) => {
        const { view, block } = this.#stateAfter(base);
        return drawRecovery(base, cut, view, block, chain.environment);
      },
      exclusively: (task) => chain.exclusively(task),
      missing: () =>
        this.attendance
          .missing(consensus.committee, consensus.ownMember, spec.preset.heartbeatMs)
          .map(({ address }) => address),
      onChanged: () => {
        if (consensus.isStarted) consensus.start();
      },
      log: this.#adapters.log,
      onFatal: this.#onFatal,
    });
  }

  #createDuty(): ReadyDuty | null {
    const { validator, spec } = this.#settings;
    if (validator === null) return null;
    return new ReadyDuty({
      spec,
      owner: validator.owner,
      isRegistered: (owner) => this.#isRegistered(owner),
      nextNonce: (address) => this.transactions.pool.nextNonce(address),
      submit: (encoded) => this.transactions.submit(encoded, ""),
      onFatal: this.#onFatal,
    });
  }

  /** The accounts as a final block left them, and what its contracts saw of the chain. */
  #stateAfter({ header }: Pick<HybridState, "header">) {
    const { committed, states } = this;
    const ancestry = {
      hashOf: (number: number) => committed.hashOf(number),
      timeMsOf: (number: number) => committed.timeMsOf(number),
    };
    const block = toBlockContext(header, this.#settings.spec, ancestry);
    return { block, view: states.open(header.stateRoot) };
  }

  async #isRegistered(owner: Address): Promise<boolean> {
    const { view, block } = this.#stateAfter(this.committed.head);
    const validators = await readCandidates(view, block, this.#adapters.engine, this.#adapters.suite);
    return validators.some(({ address }) => address === owner);
  }

  #onCommitted(executed: ExecutedBlock, certificate: Certificate | null): void {
    const { block, hybrid } = executed;
    const included = block.transactions.map((transaction, index) => {
      const sender = executed.executed[index]?.sender;
      assert(sender !== undefined, "every transaction of a final block has an outcome");
      return { hash: transaction.hash, sender, sponsorship: transaction.sponsorship };
    });
    this.transactions.onCommitted(hybrid, included);
    this.snail.fastCommitted(block.header.number, this.committed.pinnedSnailBlock(hybrid));
    this.recovery.refresh();
    this.evidence.onCommitted(executed);
    this.snailParts.onFastCommitted();
    this.#committedLog.tell(executed, certificate);
    this.#duty?.onCommitted(hybrid);
    if (this.events.hasListeners) this.events.emit({ kind: "block", record: toBlockRecord(executed) });
    this.announcer.onBlock(placeOfFinality(block, certificate));
  }
}
