// The nodes of the sitting committee, as far as their records have told: members stay linked to each other, whoever
// configured them.
import { bytesToHex, type Hex } from "@festina/primitives";
import type { NodeId, PeerAddress } from "../nodeId.ts";
import type { NodeRecord, RecordAddress, SeatProof } from "./nodeRecord.ts";

export type SeatVerdict = "seated" | "notSeated" | "forged";

/** Who sits in the committee, as far as links go by it. */
export interface SeatPort {
  /** Changes whenever the answers below may. */
  epoch(): number;
  /** Whether the key sits, and if so whether it has signed the node id: only then a signature is verified. */
  verify(nodeId: NodeId, proof: SeatProof): SeatVerdict;
  /** This node's voting key, if it sits. */
  ownKey(): Hex | null;
}

export type SeatEffect =
  /** A link to a member, to be kept until it is released. */
  { readonly kind: "hold"; readonly address: PeerAddress } | { readonly kind: "release"; readonly nodeId: NodeId };

export class SeatedNodes {
  readonly #seats: SeatPort;
  /** Newest record of each sitting key: as many as there are seats, at most. */
  readonly #byKey = new Map<Hex, NodeRecord>();
  readonly #held = new Map<NodeId, RecordAddress>();
  #epoch = Number.NaN;

  constructor(seats: SeatPort) {
    this.#seats = seats;
  }

  get size(): number {
    return this.#byKey.size;
  }

  records(): readonly NodeRecord[] {
    return [...this.#byKey.values()];
  }

  has(nodeId: NodeId): boolean {
    return this.records().some((record) => record.nodeId === nodeId);
  }

  isHeld(nodeId: NodeId): boolean {
    return this.#held.has(nodeId);
  }

  /** Of the newest record of this node and seat; -1 when there is none. */
  sequenceOf({ nodeId, seat }: NodeRecord): number {
    const before = seat === null ? undefined : this.#byKey.get(bytesToHex(seat.publicKey));
    return before?.nodeId === nodeId ? before.sequence : -1;
  }

  /** Takes a record whose signature holds. */
  note(record: NodeRecord): SeatVerdict {
    if (record.seat === null) return "notSeated";
    const key = bytesToHex(record.seat.publicKey);
    const before = this.#byKey.get(key);
    if (before?.nodeId === record.nodeId && before.sequence >= record.sequence) return "seated";
    const verdict = this.#seats.verify(record.nodeId, record.seat);
    if (verdict === "seated" && (before === undefined || before.sequence < record.sequence))
      this.#byKey.set(key, record);
    return verdict;
  }

  /** @param known every record at hand, looked through when the committee has changed */
  step(known: () => readonly NodeRecord[]): readonly SeatEffect[] {
    const epoch = this.#seats.epoch();
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      const records = [...this.records(), ...known()];
      this.#byKey.clear();
      for (const record of records) this.note(record);
    }
    const wanted = this.#wanted();
    const effects: SeatEffect[] = [];
    for (const nodeId of [...this.#held.keys()]) {
      if (wanted.has(nodeId)) continue;
      this.#held.delete(nodeId);
      effects.push({ kind: "release", nodeId });
    }
    for (const [nodeId, { host, port }] of wanted) {
      const before = this.#held.get(nodeId);
      if (before?.host === host && before.port === port) continue;
      this.#held.set(nodeId, { host, port });
      effects.push({ kind: "hold", address: { nodeId, host, port } });
    }
    return effects;
  }

  /** Members that a member links with; none for anybody else. */
  #wanted(): ReadonlyMap<NodeId, RecordAddress> {
    const ownKey = this.#seats.ownKey();
    const wanted = new Map<NodeId, RecordAddress>();
    for (const [key, { nodeId, addresses }] of ownKey === null ? [] : this.#byKey) {
      const [address] = addresses;
      if (key !== ownKey && address !== undefined) wanted.set(nodeId, address);
    }
    return wanted;
  }
}
