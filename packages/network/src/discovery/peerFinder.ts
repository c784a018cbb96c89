// Whom to dial and whom to ask: a state machine. Records, links and time go in; dials, questions and links to hold come out.
import type { Hash32 } from "@festina/primitives";
import type { CloseCode } from "../closeCode.ts";
import { computeBackoffMs } from "../dial/backoff.ts";
import type { NodeId, PeerAddress } from "../nodeId.ts";
import type { Direction } from "../peer/peerSession.ts";
import { AddressBook, type BookEntry } from "./addressBook.ts";
import type { SavedBook } from "./bookFile.ts";
import { Bootnodes } from "./bootnodes.ts";
import type { DiscoveryLimits } from "./discoveryLimits.ts";
import { isLoopback, isSameHost, maySpeakOf, netgroupOf, scopeOfHost } from "./netgroup.ts";
import { decodeNodeRecord, isRecordSigned, type NodeRecord, type RecordKeys } from "./nodeRecord.ts";
import { type SeatEffect, SeatedNodes, type SeatPort } from "./seatedNodes.ts";
import { shuffled } from "./shuffled.ts";

export interface FinderOptions {
  readonly ownId: NodeId;
  readonly genesisHash: Hash32;
  /** Secret of this node. */
  readonly bookKey: Uint8Array;
  readonly bootnodes: readonly PeerAddress[];
  readonly verify: RecordKeys["verify"];
  readonly seats: SeatPort;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** False for who is banned, or dialled by somebody else. */
  readonly mayDial: (nodeId: NodeId) => boolean;
  readonly limits: DiscoveryLimits;
}

/** An established connection. */
export interface Link {
  readonly nodeId: NodeId;
  readonly direction: Direction;
  readonly host: string;
  /** Somebody else sees to it: it is configured, or a member's. */
  readonly isKept: boolean;
}

/** `probe`: only to know whether somebody answers there. */
type DialPurpose = "link" | "probe" | "bootnode";

export type FinderEffect =
  | { readonly kind: "dial"; readonly address: PeerAddress }
  | { readonly kind: "ask"; readonly nodeId: NodeId }
  /** The link has shown that somebody answers; there is no place for it. */
  | { readonly kind: "drop"; readonly nodeId: NodeId }
  | SeatEffect;

/**
 * `ignored`: our own, of another chain, of another version, or of an address that its teller may not speak of. `forged`: no
 * honest node passes that on. `seatForged`: signed, but the seat it claims is not its own.
 */
export type RecordVerdict = "fresh" | "known" | "ignored" | "invalid" | "forged" | "seatForged";

/** Ends that say nothing against an address. */
const HARMLESS: ReadonlySet<CloseCode> = new Set(["STOPPING", "DUPLICATE", "TOO_MANY_PEERS", "SURPLUS", "BANNED"]);
/** Whoever answers there will never be a peer of ours. */
const HOPELESS: ReadonlySet<CloseCode> = new Set(["SELF", "GENESIS_MISMATCH", "SPEC_MISMATCH", "VERSION_MISMATCH"]);
/** A link that ends sooner counts as a failed dial. */
const STABLE_MS = 10_000;
const BUSY_RETRY_MS = 30_000;

interface HeldLink extends Link {
  readonly sinceMs: number;
  record: NodeRecord | null;
}

export class PeerFinder {
  readonly book: AddressBook;
  readonly seated: SeatedNodes;
  readonly #options: FinderOptions;
  readonly #bootnodes: Bootnodes;
  readonly #links = new Map<NodeId, HeldLink>();
  readonly #dialing = new Map<NodeId, DialPurpose>();
  #askAtMs = 0;
  #askMs: number;
  #probeAtMs = 0;

  constructor(options: FinderOptions, saved: SavedBook | null) {
    this.#options = options;
    this.#askMs = options.limits.askMsMin;
    this.book = new AddressBook(options.bookKey);
    this.seated = new SeatedNodes(options.seats);
    this.#bootnodes = new Bootnodes(options.bootnodes, options.limits);
    for (const { record, sourceGroup, table, failures } of saved?.entries ?? []) {
      const [address] = record.addresses;
      if (address !== undefined && this.#isOurs(record))
        this.book.restore(record, address, sourceGroup, table, failures);
    }
  }

  isDialing(nodeId: NodeId): boolean {
    return this.#dialing.has(nodeId);
  }

  /** A record, as it came from `from`. */
  onRecord(encoded: Uint8Array, from: Pick<Link, "nodeId" | "host">): RecordVerdict {
    const decoded = decodeNodeRecord(encoded);
    if (!decoded.ok) return decoded.error.code === "RECORD_VERSION_UNKNOWN" ? "ignored" : "invalid";
    const record = decoded.value;
    if (!this.#isOurs(record)) return "ignored";
    const link = this.#links.get(record.nodeId);
    // Signatures are dear; most of what comes is known. A link's own record is wanted even so.
    const isIntroduction = link !== undefined && link.record === null && from.nodeId === record.nodeId;
    const newest = Math.max(
      link?.record?.sequence ?? -1,
      this.book.get(record.nodeId)?.record.sequence ?? -1,
      this.seated.sequenceOf(record),
    );
    if (record.sequence < newest || (record.sequence === newest && !isIntroduction)) return "known";
    if (!isRecordSigned(record, this.#options.verify)) return "forged";
    if (link !== undefined) link.record = record;
    const seat = this.seated.note(record);
    const verdict = this.#insert(record, from.host);
    if (link?.direction === "outbound") this.#reached(link);
    return seat === "forged" ? "seatForged" : verdict;
  }

  onUp(link: Link, nowMs: number): readonly FinderEffect[] {
    const { nodeId, direction } = link;
    const isProbe = this.#dialing.get(nodeId) === "probe";
    this.#dialing.delete(nodeId);
    this.#links.set(nodeId, { ...link, sinceMs: nowMs, record: null });
    if (direction === "inbound") return [];
    this.#reached(link);
    this.#bootnodes.succeeded(nodeId);
    if (isProbe && this.#outboundCount() > this.#options.limits.outboundTarget) return [{ kind: "drop", nodeId }];
    this.#askMs = this.#options.limits.askMsMin;
    return [{ kind: "ask", nodeId }];
  }

  /** A connection has ended that was a link (`wasUp`), or that never became one. */
  onDown(nodeId: NodeId, code: CloseCode, wasUp: boolean, nowMs: number): void {
    const link = wasUp ? this.#links.get(nodeId) : undefined;
    if (wasUp) this.#links.delete(nodeId);
    const wasDialled = this.#dialing.delete(nodeId) || link?.direction === "outbound";
    this.#askMs = this.#options.limits.askMsMin;
    if (HOPELESS.has(code)) this.book.remove(nodeId);
    if (!wasDialled) return;
    const isStable = link !== undefined && nowMs - link.sinceMs >= STABLE_MS;
    if (!isStable && !HARMLESS.has(code)) {
      this.#failed(nodeId, nowMs);
      return;
    }
    const waitMs = isStable ? this.#options.limits.retryMsMin : BUSY_RETRY_MS;
    this.book.postpone(nodeId, nowMs + waitMs * (0.5 + this.#options.random()));
  }

  onDialFailed(nodeId: NodeId, nowMs: number): void {
    this.#dialing.delete(nodeId);
    this.#failed(nodeId, nowMs);
  }

  /** `freshCount` of the records in an answer were news. */
  onAnswered(freshCount: number): void {
    const { askMsMin, askMsMax } = this.#options.limits;
    this.#askMs = freshCount > 0 ? askMsMin : Math.min(askMsMax, this.#askMs * 2);
  }

  step(nowMs: number): readonly FinderEffect[] {
    const known = () => [...this.book.entries().map(({ record }) => record), ...this.#linkRecords()];
    return [...this.seated.step(known), ...this.#dials(nowMs), ...this.#questions(nowMs)];
  }

  /** Records for a peer at `host`, at most `max`: of members, of linked nodes, of those that have answered, of others. */
  sample(host: string, max: number): readonly Uint8Array[] {
    const scope = scopeOfHost(host);
    const told = new Map<NodeId, Uint8Array>();
    const tell = (records: readonly NodeRecord[], share: number): void => {
      for (const { nodeId, addresses, encoded } of shuffled(records, this.#options.random)) {
        if (told.size >= max * share) return;
        const [address] = addresses;
        if (address !== undefined && maySpeakOf(scope, scopeOfHost(address.host))) told.set(nodeId, encoded);
      }
    };
    tell(this.seated.records(), 0.25);
    tell(this.#linkRecords(), 0.5);
    for (const table of ["tried", "new"] as const) {
      const records = this.book.entries(table).map(({ record }) => record);
      tell(records, table === "tried" ? 0.75 : 1);
    }
    return [...told.values()];
  }

  #isOurs({ nodeId, genesisHash }: NodeRecord): boolean {
    return nodeId !== this.#options.ownId && genesisHash === this.#options.genesisHash;
  }

  #linkRecords(): readonly NodeRecord[] {
    return [...this.#links.values()].flatMap(({ record }) => record ?? []);
  }

  #outboundCount(): number {
    return [...this.#links.values()].filter(({ direction, isKept }) => direction === "outbound" && !isKept).length;
  }

  /** Only the address that we were at counts as reached: a node could claim another's. */
  #reached({ nodeId, host }: Link): void {
    const entry = this.book.get(nodeId);
    if (entry !== undefined && isSameHost(entry.address.host, host)) this.book.succeeded(nodeId);
  }

  #insert(record: NodeRecord, host: string): RecordVerdict {
    const scope = scopeOfHost(host);
    const [address] = record.addresses;
    if (address === undefined || !maySpeakOf(scope, scopeOfHost(address.host))) return "ignored";
    const verdict = this.book.insert(record, address, netgroupOf(host));
    return verdict === "added" || verdict === "updated" ? "fresh" : "known";
  }

  #failed(nodeId: NodeId, nowMs: number): void {
    const { limits, random } = this.#options;
    const { retryMsMin, retryMsMax, failuresMaxNew, failuresMaxTried } = limits;
    const failures = this.book.get(nodeId)?.failures ?? 0;
    const retryAtMs = nowMs + computeBackoffMs(failures, retryMsMin, retryMsMax, random());
    this.book.failed(nodeId, retryAtMs, { new: failuresMaxNew, tried: failuresMaxTried });
    this.#bootnodes.failed(nodeId, nowMs, random());
  }

  #begin(address: PeerAddress, purpose: DialPurpose): FinderEffect {
    this.#dialing.set(address.nodeId, purpose);
    return { kind: "dial", address };
  }

  *#dials(nowMs: number): Iterable<FinderEffect> {
    const { limits, bootnodes, random } = this.#options;
    if (bootnodes.length > 0 && this.#links.size < limits.bootnodesBelow) {
      for (const address of this.#bootnodes.due(nowMs))
        if (this.#isFree(address.nodeId)) yield this.#begin(address, "bootnode");
    }
    const begun = [...this.#dialing.values()].filter((purpose) => purpose === "link").length;
    const free = limits.outboundTarget - this.#outboundCount() - begun;
    for (let left = free; left > 0 && this.#dialing.size < limits.dialsMax; left--) {
      const address = this.#pick(nowMs);
      if (address === null) break;
      yield this.#begin(address, "link");
    }
    if (free > 0 || nowMs < this.#probeAtMs) return;
    this.#probeAtMs = nowMs + limits.probeMs * (0.5 + random());
    const address = this.#pick(nowMs);
    if (address !== null) yield this.#begin(address, "probe");
  }

  #isFree(nodeId: NodeId): boolean {
    const isInUse = this.#links.has(nodeId) || this.#dialing.has(nodeId) || this.seated.isHeld(nodeId);
    return !isInUse && nodeId !== this.#options.ownId && this.#options.mayDial(nodeId);
  }

  /** How many outbound links and dials each netgroup has. */
  #outboundGroups(): ReadonlyMap<string, number> {
    const groups = new Map<string, number>();
    const outbound = [...this.#links.values()].filter(({ direction }) => direction === "outbound");
    for (const nodeId of [...outbound.map((link) => link.nodeId), ...this.#dialing.keys()]) {
      const group = this.book.get(nodeId)?.group;
      if (group !== undefined) groups.set(group, (groups.get(group) ?? 0) + 1);
    }
    return groups;
  }

  /** Half the picks are among nodes that have answered before, if there are any. */
  #pick(nowMs: number): PeerAddress | null {
    const { random, limits } = this.#options;
    const groups = this.#outboundGroups();
    const isEligible = ({ record, address, group, dialAtMs }: BookEntry): boolean =>
      nowMs >= dialAtMs &&
      this.#isFree(record.nodeId) &&
      (isLoopback(address.host) || (groups.get(group) ?? 0) < limits.outboundPerGroupMax);
    const tried = this.book.entries("tried").filter(isEligible);
    const fresh = this.book.entries("new").filter(isEligible);
    const pool = tried.length > 0 && (fresh.length === 0 || random() < 0.5) ? tried : fresh;
    const entry = pool[Math.floor(random() * pool.length)];
    return entry === undefined ? null : { nodeId: entry.record.nodeId, ...entry.address };
  }

  *#questions(nowMs: number): Iterable<FinderEffect> {
    if (nowMs < this.#askAtMs || this.#links.size === 0) return;
    const { random } = this.#options;
    this.#askAtMs = nowMs + this.#askMs * (0.75 + 0.5 * random());
    const links = [...this.#links.keys()];
    const nodeId = links[Math.floor(random() * links.length)];
    if (nodeId !== undefined) yield { kind: "ask", nodeId };
  }
}
