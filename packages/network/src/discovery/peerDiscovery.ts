// Runs the peer finder over the network: records to and from peers, dials, the address book's file.
import { keccak256 } from "@festina/crypto";
import { asciiToBytes, type Clock, fail, ok, type Result, repeatEvery, type Timer } from "@festina/primitives";
import type { CloseCode } from "../closeCode.ts";
import type { NodeId, PeerAddress } from "../nodeId.ts";
import type { PenaltyCode } from "../peer/penalty.ts";
import type { Refusal } from "../peer/refusal.ts";
import type { RequestAnswer } from "../peer/requestTable.ts";
import { TokenBucket } from "../peer/tokenBucket.ts";
import type { ListenAddress } from "../transport.ts";
import { decodeBookFile, encodeBookFile, type SavedBook } from "./bookFile.ts";
import { DEFAULT_DISCOVERY_LIMITS, type DiscoveryLimits } from "./discoveryLimits.ts";
import { OwnRecord, type OwnRecordOptions } from "./ownRecord.ts";
import { type FinderEffect, type Link, PeerFinder, type RecordVerdict } from "./peerFinder.ts";
import { decodePeerRecords, encodePeerRecords, RECORDS_PER_REPLY_MAX } from "./peerRecords.ts";
import type { SeatPort } from "./seatedNodes.ts";

export interface DiscoveryOptions extends OwnRecordOptions {
  readonly bootnodes: readonly PeerAddress[];
  readonly seats: SeatPort;
  /** The address book as an earlier run has saved it. */
  readonly stored: Uint8Array | null;
  readonly save: (book: Uint8Array) => void;
  readonly limits?: Partial<DiscoveryLimits>;
}

/** What the owner of the connections does for it. */
export interface DiscoveryPort {
  readonly nodeId: NodeId;
  /** False when nobody was reached; otherwise the connection goes the way of all others. */
  dial(address: PeerAddress): Promise<boolean>;
  ask(nodeId: NodeId, timeoutMs: number): Promise<RequestAnswer>;
  tell(nodeId: NodeId, record: Uint8Array): void;
  hold(address: PeerAddress): void;
  release(nodeId: NodeId): void;
  drop(nodeId: NodeId): void;
  mayDial(nodeId: NodeId): boolean;
  penalise(nodeId: NodeId, code: PenaltyCode): void;
  onBookDiscarded(code: string): void;
}

/** Sizes of the address book and what this node says of itself. */
export interface DiscoveryReport {
  readonly newCount: number;
  readonly triedCount: number;
  readonly seatedCount: number;
  /** Where this node tells others that it is reached. */
  readonly announced: readonly { readonly host: string; readonly port: number }[];
}

const ASK_TIMEOUT_MS = 5_000;
const BOOK_KEY_DOMAIN = asciiToBytes("festina address book");

const VERDICT_PENALTIES: Readonly<Partial<Record<RecordVerdict, PenaltyCode>>> = {
  invalid: "PAYLOAD_INVALID",
  forged: "SIGNATURE_INVALID",
};

interface LinkMeters {
  readonly answers: TokenBucket;
  readonly records: TokenBucket;
}

export class PeerDiscovery {
  readonly #options: DiscoveryOptions;
  readonly #limits: DiscoveryLimits;
  readonly #port: DiscoveryPort;
  readonly #clock: Clock;
  readonly #finder: PeerFinder;
  readonly #own: OwnRecord;
  readonly #links = new Map<NodeId, Link & LinkMeters>();
  readonly #timers: Timer[] = [];
  #saved: string | null = null;

  constructor(options: DiscoveryOptions, port: DiscoveryPort, clock: Clock, random: () => number) {
    this.#options = options;
    this.#limits = { ...DEFAULT_DISCOVERY_LIMITS, ...options.limits };
    this.#port = port;
    this.#clock = clock;
    const { keys, genesisHash, bootnodes, seats } = options;
    const saved = this.#load();
    this.#own = new OwnRecord(options, saved?.ownSequence ?? 0);
    this.#finder = new PeerFinder(
      {
        ...{ ownId: port.nodeId, genesisHash, bootnodes, seats, random, limits: this.#limits },
        // Known to nobody else, and the same in every run.
        bookKey: keccak256(keys.sign(BOOK_KEY_DOMAIN)),
        verify: (publicKey, message, signature) => keys.verify(publicKey, message, signature),
        mayDial: (nodeId) => port.mayDial(nodeId),
      },
      saved,
    );
  }

  start(bound: ListenAddress | null): void {
    this.#own.onListening(bound);
    this.#own.refresh();
    this.#step();
    const every = (periodMs: number, action: () => void): void => {
      this.#timers.push(repeatEvery(this.#clock, periodMs, action));
    };
    every(this.#limits.stepMs, () => this.#step());
    every(this.#limits.recordMs, () => this.#refreshRecord());
    every(this.#limits.saveMs, () => this.#save());
  }

  stop(): void {
    for (const timer of this.#timers) timer.cancel();
    if (this.#timers.length > 0) this.#save();
    this.#timers.length = 0;
  }

  isDialing(nodeId: NodeId): boolean {
    return this.#finder.isDialing(nodeId);
  }

  isSeated(nodeId: NodeId): boolean {
    return this.#finder.seated.has(nodeId);
  }

  report(): DiscoveryReport {
    const { book, seated } = this.#finder;
    return {
      newCount: book.size("new"),
      triedCount: book.size("tried"),
      seatedCount: seated.size,
      announced: this.#own.current?.addresses ?? [],
    };
  }

  onUp(link: Link): void {
    const nowMs = this.#clock.nowMs();
    const { answersBurst, answerMs } = this.#limits;
    const meter = (): TokenBucket => new TokenBucket(1_000 / answerMs, answersBurst, nowMs);
    this.#links.set(link.nodeId, { ...link, answers: meter(), records: meter() });
    const own = this.#own.current;
    if (own !== null) this.#port.tell(link.nodeId, own.encoded);
    this.#run(this.#finder.onUp(link, nowMs));
  }

  onDown(nodeId: NodeId, code: CloseCode, wasUp: boolean): void {
    if (wasUp) this.#links.delete(nodeId);
    this.#own.onGone(nodeId);
    this.#finder.onDown(nodeId, code, wasUp, this.#clock.nowMs());
  }

  /** A peer tells its own record. */
  onRecord(nodeId: NodeId, payload: Uint8Array): void {
    const link = this.#links.get(nodeId);
    if (link === undefined) return;
    if (!link.records.take(1, this.#clock.nowMs())) {
      this.#port.penalise(nodeId, "RATE_EXCEEDED");
      return;
    }
    const verdict = this.#finder.onRecord(payload, link);
    const penalty = verdict === "seatForged" ? "SIGNATURE_INVALID" : VERDICT_PENALTIES[verdict];
    if (penalty !== undefined) this.#port.penalise(nodeId, penalty);
  }

  /** A peer asks for records. */
  answer(nodeId: NodeId): Result<Uint8Array, Refusal> {
    const link = this.#links.get(nodeId);
    if (link === undefined || !link.answers.take(1, this.#clock.nowMs())) return fail("BUSY", "asked too often");
    const records = this.#finder.sample(link.host, RECORDS_PER_REPLY_MAX);
    return ok(encodePeerRecords({ yourHost: link.host, records }));
  }

  #step(): void {
    this.#run(this.#finder.step(this.#clock.nowMs()));
  }

  #run(effects: readonly FinderEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === "dial") void this.#dial(effect.address);
      else if (effect.kind === "ask") void this.#ask(effect.nodeId);
      else if (effect.kind === "hold") this.#port.hold(effect.address);
      else if (effect.kind === "release") this.#port.release(effect.nodeId);
      else this.#port.drop(effect.nodeId);
    }
  }

  async #dial(address: PeerAddress): Promise<void> {
    if (!(await this.#port.dial(address))) this.#finder.onDialFailed(address.nodeId, this.#clock.nowMs());
  }

  async #ask(nodeId: NodeId): Promise<void> {
    const answer = await this.#port.ask(nodeId, ASK_TIMEOUT_MS);
    const link = this.#links.get(nodeId);
    if (!answer.ok || link === undefined) return;
    const told = decodePeerRecords(answer.value);
    if (!told.ok) {
      this.#port.penalise(nodeId, "PAYLOAD_INVALID");
      return;
    }
    const { yourHost, records } = told.value;
    if (yourHost !== null && link.direction === "outbound") this.#own.onSeenAt(nodeId, yourHost);
    const verdicts = records.map((record) => this.#finder.onRecord(record, link));
    this.#finder.onAnswered(verdicts.filter((verdict) => verdict === "fresh").length);
    const [penalty] = verdicts.flatMap((verdict) => VERDICT_PENALTIES[verdict] ?? []);
    if (penalty !== undefined) this.#port.penalise(nodeId, penalty);
  }

  #refreshRecord(): void {
    const record = this.#own.refresh();
    if (record === null) return;
    for (const nodeId of this.#links.keys()) this.#port.tell(nodeId, record.encoded);
  }

  #load(): SavedBook | null {
    const { stored } = this.#options;
    if (stored === null) return null;
    const decoded = decodeBookFile(stored);
    if (decoded.ok) return decoded.value;
    this.#port.onBookDiscarded(decoded.error.code);
    return null;
  }

  #save(): void {
    const { book } = this.#finder;
    const file = encodeBookFile(this.#own.sequence, book.entries());
    const digest = keccak256(file).join();
    if (digest === this.#saved) return;
    this.#saved = digest;
    this.#options.save(file);
  }
}
