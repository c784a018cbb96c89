// Nodes that this one has heard of, bounded: what anybody tells goes into places that the teller cannot choose, and never
// takes the place of a node that has answered us.
import type { NodeId } from "../nodeId.ts";
import { type BookTable, placeOf } from "./bookPlacement.ts";
import { netgroupOf } from "./netgroup.ts";
import type { NodeRecord, RecordAddress } from "./nodeRecord.ts";

export interface BookEntry {
  readonly record: NodeRecord;
  /** Where it is dialled. */
  readonly address: RecordAddress;
  readonly group: string;
  /** Netgroup of who told us. */
  readonly sourceGroup: string;
  readonly table: BookTable;
  /** Since it last answered. */
  readonly failures: number;
  /** Not to be dialled before. */
  readonly dialAtMs: number;
}

export type InsertVerdict = "added" | "updated" | "known" | "full" | "notDialable";

/** Failures after which an entry of the table of new ones gives way to another. */
const FAILURES_TO_YIELD = 2;

export class AddressBook {
  readonly #key: Uint8Array;
  readonly #entries = new Map<NodeId, BookEntry>();
  readonly #places: Readonly<Record<BookTable, Map<number, NodeId>>> = { new: new Map(), tried: new Map() };

  /** @param key secret of this node: it decides which addresses share a place */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  get(nodeId: NodeId): BookEntry | undefined {
    return this.#entries.get(nodeId);
  }

  entries(table?: BookTable): readonly BookEntry[] {
    const all = [...this.#entries.values()];
    return table === undefined ? all : all.filter((entry) => entry.table === table);
  }

  size(table: BookTable): number {
    return this.#places[table].size;
  }

  /** `sourceGroup`: netgroup of who told of it. The record's signature has been verified. */
  insert(record: NodeRecord, address: RecordAddress, sourceGroup: string): InsertVerdict {
    const before = this.#entries.get(record.nodeId);
    if (before !== undefined) return this.#renew(before, record, address, sourceGroup);
    return this.#place(entryOf(record, address, sourceGroup), "new") ? "added" : "full";
  }

  /** From a file: into the table that it was in, as far as there is room. */
  restore(record: NodeRecord, address: RecordAddress, sourceGroup: string, table: BookTable, failures: number): void {
    if (this.#entries.has(record.nodeId)) return;
    this.#place({ ...entryOf(record, address, sourceGroup), failures }, table);
  }

  /** The node was reached at its address. It moves up unless somebody who answers is there already. */
  succeeded(nodeId: NodeId): void {
    const entry = this.#entries.get(nodeId);
    if (entry === undefined) return;
    const healthy = { ...entry, failures: 0, dialAtMs: 0 };
    this.#entries.set(nodeId, healthy);
    if (entry.table === "tried") return;
    const holder = this.#holderOf(healthy, "tried");
    if (holder !== undefined && holder.failures === 0) return;
    this.remove(nodeId);
    if (holder !== undefined) {
      this.remove(holder.record.nodeId);
      this.#place(holder, "new");
    }
    this.#place(healthy, "tried");
  }

  /** Nobody was reached, or somebody else: forgotten after `failuresMax` in a row. */
  failed(nodeId: NodeId, dialAtMs: number, failuresMax: { readonly [Table in BookTable]: number }): void {
    const entry = this.#entries.get(nodeId);
    if (entry === undefined) return;
    const failures = entry.failures + 1;
    if (failures >= failuresMax[entry.table]) this.remove(nodeId);
    else this.#entries.set(nodeId, { ...entry, failures, dialAtMs });
  }

  /** It answered, but has no place for us now. */
  postpone(nodeId: NodeId, dialAtMs: number): void {
    const entry = this.#entries.get(nodeId);
    if (entry !== undefined) this.#entries.set(nodeId, { ...entry, dialAtMs });
  }

  remove(nodeId: NodeId): void {
    const entry = this.#entries.get(nodeId);
    if (entry === undefined) return;
    this.#entries.delete(nodeId);
    this.#places[entry.table].delete(this.#placeOf(entry, entry.table));
  }

  #renew(before: BookEntry, record: NodeRecord, address: RecordAddress, sourceGroup: string): InsertVerdict {
    if (record.sequence <= before.record.sequence) return "known";
    if (address.host === before.address.host && address.port === before.address.port) {
      this.#entries.set(record.nodeId, { ...before, record });
      return "updated";
    }
    // It moved: nobody has reached it there yet.
    this.remove(record.nodeId);
    this.#place(entryOf(record, address, sourceGroup), "new");
    return "updated";
  }

  #placeOf(entry: BookEntry, table: BookTable): number {
    return placeOf(this.#key, table, { ...entry.address, group: entry.group, sourceGroup: entry.sourceGroup });
  }

  #holderOf(entry: BookEntry, table: BookTable): BookEntry | undefined {
    const holder = this.#places[table].get(this.#placeOf(entry, table));
    return holder === undefined ? undefined : this.#entries.get(holder);
  }

  #place(entry: BookEntry, table: BookTable): boolean {
    const holder = this.#holderOf(entry, table);
    if (holder !== undefined) {
      if (table === "tried" || holder.failures < FAILURES_TO_YIELD) return false;
      this.remove(holder.record.nodeId);
    }
    this.#places[table].set(this.#placeOf(entry, table), entry.record.nodeId);
    this.#entries.set(entry.record.nodeId, { ...entry, table });
    return true;
  }
}

function entryOf(record: NodeRecord, address: RecordAddress, sourceGroup: string): BookEntry {
  const group = netgroupOf(address.host, address.port);
  return { record, address, group, sourceGroup, table: "new", failures: 0, dialAtMs: 0 };
}
