// This node's own record: signed anew whenever what it says has changed.
import { equalBytes, type Hash32 } from "@festina/primitives";
import type { NodeId } from "../nodeId.ts";
import type { ListenAddress } from "../transport.ts";
import type { NodeRole } from "../wire/handshake.ts";
import { parseIp } from "./ipAddress.ts";
import { scopeOfHost } from "./netgroup.ts";
import { type NodeRecord, type RecordAddress, type RecordKeys, type SeatProof, signNodeRecord } from "./nodeRecord.ts";

/** What a node is at the moment. */
export interface OwnPart {
  readonly role: NodeRole;
  readonly seat: SeatProof | null;
}

export interface OwnRecordOptions {
  readonly keys: RecordKeys;
  readonly genesisHash: Hash32;
  /** Where the operator says that this node is reached; empty to find out. */
  readonly announced: readonly RecordAddress[];
  readonly part: () => OwnPart;
  /** Unix milliseconds. */
  readonly nowMs: () => number;
}

/** So many peers must see us at an address before we believe that we are there. */
const WITNESSES_MIN = 2;

export class OwnRecord {
  readonly #options: OwnRecordOptions;
  /** At which address each connected peer sees us. */
  readonly #seenAt = new Map<NodeId, string>();
  #bound: ListenAddress | null = null;
  #current: NodeRecord | null = null;
  #sequence: number;

  /** @param sequence of the last record of an earlier run */
  constructor(options: OwnRecordOptions, sequence: number) {
    this.#options = options;
    this.#sequence = sequence;
  }

  get sequence(): number {
    return this.#sequence;
  }

  get current(): NodeRecord | null {
    return this.#current;
  }

  onListening(bound: ListenAddress | null): void {
    this.#bound = bound;
  }

  onSeenAt(witness: NodeId, host: string): void {
    this.#seenAt.set(witness, host);
  }

  onGone(witness: NodeId): void {
    this.#seenAt.delete(witness);
  }

  /** The record that is true now, if it differs from the last. */
  refresh(): NodeRecord | null {
    const { keys, genesisHash, part, nowMs } = this.#options;
    const { role, seat } = part();
    const addresses = this.#addresses();
    if (this.#current !== null && isSame(this.#current, role, seat, addresses)) return null;
    this.#sequence = Math.max(Math.floor(nowMs()), this.#sequence + 1);
    this.#current = signNodeRecord({ genesisHash, sequence: this.#sequence, role, addresses, seat }, keys);
    return this.#current;
  }

  #addresses(): readonly RecordAddress[] {
    const { announced } = this.#options;
    if (announced.length > 0) return announced;
    const bound = this.#bound;
    if (bound === null || parseIp(bound.host) === null) return [];
    if (scopeOfHost(bound.host) !== "unusable") return [{ host: bound.host, port: bound.port }];
    // It listens everywhere: where that is, its peers know.
    const host = this.#witnessedHost();
    return host === null ? [] : [{ host, port: bound.port }];
  }

  #witnessedHost(): string | null {
    const votes = new Map<string, number>();
    for (const host of this.#seenAt.values()) votes.set(host, (votes.get(host) ?? 0) + 1);
    const [best] = [...votes].sort(([, a], [, b]) => b - a);
    return best !== undefined && best[1] >= WITNESSES_MIN && scopeOfHost(best[0]) !== "unusable" ? best[0] : null;
  }
}

function isSame(record: NodeRecord, role: NodeRole, seat: SeatProof | null, at: readonly RecordAddress[]): boolean {
  const isSeatSame =
    seat === null || record.seat === null
      ? seat === record.seat
      : equalBytes(seat.publicKey, record.seat.publicKey) && equalBytes(seat.signature, record.seat.signature);
  const text = (addresses: readonly RecordAddress[]): string =>
    addresses.map(({ host, port }) => `${host} ${port}`).join(",");
  return isSeatSame && record.role === role && text(record.addresses) === text(at);
}
