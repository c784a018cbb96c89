// Every kind of fault by name, and how often it struck: a campaign that never used one has proved nothing about it.
export const FAULT_KINDS = [
  "drop",
  "delay",
  "reorder",
  "duplicate",
  "corruptBytes",
  "bandwidthCap",
  "oneWayPartition",
  "splitPartition",
  "flappingPartition",
  "slowNode",
  "pause",
  "crash",
  "crashInWrite",
  "olderDisk",
  "wipedDisk",
  "swappedDisk",
  "bitRot",
  "misdirectedWrite",
  "fsyncError",
  "diskFull",
  "clockSkew",
  "clockJump",
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export class FaultCounts {
  readonly #counts = new Map<FaultKind, number>();

  note(kind: FaultKind): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  get counts(): Readonly<Record<FaultKind, number>> {
    return Object.fromEntries(FAULT_KINDS.map((kind) => [kind, this.#counts.get(kind) ?? 0])) as Record<
      FaultKind,
      number
    >;
  }
}
