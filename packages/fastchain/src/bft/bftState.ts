import type { SignatureSuite, SigningContext } from "@festina/crypto";
import type { Hash32 } from "@festina/primitives";
import type { Certificate, CertificateKind, Committee, PrePrepare } from "@festina/types";
import type { BftEffect } from "./effect.ts";
import type { BuiltProposal, PeerName } from "./input.ts";
import type { CertifiedParent } from "./parent.ts";
import { EMPTY_SIGNING_RECORD, type SigningRecord } from "./signingRecord.ts";
import { VoteKeeper } from "./voteKeeper.ts";

export interface BftTiming {
  /** An idle leader proposes this long after its view began; 0 = only when there is work. */
  readonly heartbeatMs: number;
  readonly minBlockIntervalMs: number;
  /** First guess of the time a message takes; doubles while views are skipped. */
  readonly deltaMs: number;
  readonly deltaMsMax: number;
  /** Granted to a proposal beyond three message times, for executing it. */
  readonly executionBudgetMs: number;
}

export interface CommittedPoint {
  readonly hash: Hash32;
  readonly height: number;
  /** 0 for the block on which the epoch stands. */
  readonly view: number;
  /** `null` for the block on which the epoch stands. */
  readonly certificate: Certificate | null;
}

export interface BftConfig {
  readonly context: SigningContext;
  readonly committee: Committee;
  readonly suite: SignatureSuite;
  readonly timing: BftTiming;
  /** Our position in the committee; `null` follows without voting. */
  readonly ownMember: number | null;
  /** The epoch's base block, or the newest block committed in it before a restart. */
  readonly committed: CommittedPoint;
  /** What was signed before a restart. */
  readonly record: SigningRecord;
}

/** What is known of one view. */
export interface ViewState {
  proposal: PrePrepare | null;
  proposalFrom: PeerName;
  /** Copies of the proposal, equal in what the leader signed and different in the rest. */
  spares: { readonly message: PrePrepare; readonly from: PeerName }[];
  /** The first message the leader has signed, whether its copy was any good or not. */
  signedByLeader: PrePrepare | null;
  /** Its signature was verified by itself; one from the leader's own session is verified with the other PREPAREs. */
  isLeaderVerified: boolean;
  /** Signed by the leader, but certificates it stands on are missing; taken up again when they come. */
  unjustified: { readonly message: PrePrepare; readonly from: PeerName } | null;
  /** The leader has been caught with two proposals. */
  isExposed: boolean;
  /** The view's timer runs for the proposal, no longer for the leader. */
  isTimed: boolean;
  /** Whether the host has been asked to judge the proposal, and what it said. */
  checked: "no" | "asked" | "valid" | "invalid";
  prepared: Certificate | null;
  skipped: Certificate | null;
  committed: Certificate | null;
  buildAsked: boolean;
  /** What our own block of this view stands on. */
  builtOn: CertifiedParent | null;
  built: BuiltProposal | null;
}

export interface BlockState {
  readonly hash: Hash32;
  readonly parentHash: Hash32;
  readonly height: number;
  executed: "no" | "asked" | "valid" | "invalid";
  isBoundary: boolean;
}

/** Views beyond the current one from which votes are taken. */
export const VIEW_WINDOW = 64;
/** Views below the committed one whose messages are kept, to recognise what contradicts them. */
export const PAST_VIEWS = 16;

/** Everything a core remembers. Changed in place by the handlers; effects pile up in `effects` until the step ends. */
export interface BftState {
  readonly config: BftConfig;
  readonly keeper: VoteKeeper;
  readonly views: Map<number, ViewState>;
  /** Decided views, kept only as witnesses of contradictions. */
  readonly past: Map<number, ViewState>;
  readonly blocks: Map<Hash32, BlockState>;
  record: SigningRecord;
  view: number;
  viewEnteredMs: number;
  /** When the newest proposal was taken up, for the least distance between blocks. */
  newestProposalMs: number;
  committed: CommittedPoint;
  deltaMs: number;
  skippedInRow: number;
  hasWork: boolean;
  /** A PREPARED block has waited so long for its COMMITs that another block must bring them along. */
  tailDue: boolean;
  /** View of ours in which something last came in a member's name. */
  readonly heardInView: Map<number, number>;
  /** Where we began: nobody could be heard before. */
  readonly firstView: number;
  /** Peers that bring votes of this epoch. */
  voters: ReadonlySet<PeerName>;
  /** Certificates that moved us, until all have them or they have been sent, oldest first. */
  unspread: { readonly certificate: Certificate; readonly atMs: number }[];
  /** The last certificate of each kind that moved us. */
  readonly spreadLast: Record<CertificateKind, Certificate | null>;
  /** The view's timer already runs with the short time. */
  isHurried: boolean;
  /** When the view's timer is to run out. */
  viewTimerAtMs: number;
  /** The view has been given more time, because our own machine stood still. */
  isExtended: boolean;
  ended: boolean;
  nowMs: number;
  effects: BftEffect[];
}

export function createBftState(config: BftConfig): BftState {
  const { committed, record, committee } = config;
  const resumed = record.epoch === committee.epoch ? record : EMPTY_SIGNING_RECORD;
  // One below the first view; `started` enters it.
  const view = Math.max(committed.view, resumed.view - 1);
  const base: BlockState = {
    hash: committed.hash,
    parentHash: committed.hash,
    height: committed.height,
    executed: "valid",
    isBoundary: false,
  };
  return {
    config,
    keeper: new VoteKeeper(committee, config.context, config.suite),
    views: new Map(),
    past: new Map(),
    blocks: new Map([[base.hash, base]]),
    record: resumed,
    view,
    firstView: view,
    heardInView: new Map(),
    voters: new Set(),
    unspread: [],
    spreadLast: { prepared: null, committed: null, skipped: null },
    viewEnteredMs: 0,
    newestProposalMs: Number.NEGATIVE_INFINITY,
    committed,
    deltaMs: config.timing.deltaMs,
    skippedInRow: 0,
    hasWork: false,
    tailDue: false,
    isHurried: false,
    viewTimerAtMs: Number.POSITIVE_INFINITY,
    isExtended: false,
    ended: false,
    nowMs: 0,
    effects: [],
  };
}

export function viewState(state: BftState, view: number): ViewState {
  let known = state.views.get(view);
  if (known === undefined) {
    known = {
      proposal: null,
      proposalFrom: "",
      spares: [],
      signedByLeader: null,
      isLeaderVerified: false,
      unjustified: null,
      isExposed: false,
      isTimed: false,
      checked: "no",
      prepared: null,
      skipped: null,
      committed: null,
      buildAsked: false,
      builtOn: null,
      built: null,
    };
    state.views.set(view, known);
  }
  return known;
}

export function isExecuted(state: BftState, hash: Hash32): boolean {
  return state.blocks.get(hash)?.executed === "valid";
}
