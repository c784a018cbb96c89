// How those who deceive divide the others: as evenly as seats allow.
/** Processes and the seats they hold. */
export type SeatedProcesses = readonly { readonly process: number; readonly seats: number }[];

/** Of these members, those whose seats come nearest to half of what all of them hold. */
export function nearestHalf(seated: SeatedProcesses): ReadonlySet<number> {
  const total = seated.reduce((sum, { seats }) => sum + seats, 0);
  let best = { bits: 0, distance: Number.POSITIVE_INFINITY };
  for (let bits = 0; bits < 2 ** seated.length; bits++) {
    const held = seated.reduce((sum, { seats }, at) => sum + (((bits >>> at) & 1) === 1 ? seats : 0), 0);
    const distance = Math.abs(2 * held - total);
    if (distance < best.distance) best = { bits, distance };
  }
  return new Set(seated.filter((_, at) => ((best.bits >>> at) & 1) === 1).map(({ process }) => process));
}
