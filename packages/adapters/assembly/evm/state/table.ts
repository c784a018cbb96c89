// Open addressing over records that lie one after the other. An entry of the index belongs to the run that wrote it, so
// a new run begins with an empty table without clearing it.

/** u32 run, u32 record. */
export const INDEX_ENTRY_BYTES: usize = 8;

/** Number of the run; 0 is no run's. */
let currentRun: u32 = 0;

export function nextRun(): void {
  currentRun++;
  if (currentRun === 0) currentRun = 1;
}

/** The record at a place of the index; 0 when this run has none there. */
export function recordAt(entry: usize): usize {
  return load<u32>(entry) === currentRun ? <usize>load<u32>(entry, 4) : 0;
}

export function setRecord(entry: usize, record: usize): void {
  store<u32>(entry, currentRun);
  store<u32>(entry, <u32>record, 4);
}

/** Spreads what is hashed over the upper bits. */
export function spread(value: u64): u64 {
  // biome-ignore lint/correctness/noPrecisionLoss: u64 holds it exactly.
  const mixed = value * 0x9e3779b97f4a7c15;
  return mixed ^ (mixed >> 29);
}
