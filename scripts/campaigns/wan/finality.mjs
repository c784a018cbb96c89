// How long blocks take to become final, out of the nodes' own logs: all on one machine's clock.

const share = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

/** From PRE-PREPARE sent to COMMITTED at the median member, of blocks that were proposed in [fromMs, untilMs). */
export function measureFinality(members, { fromMs, untilMs }) {
  const medians = [];
  for (const proposer of members) {
    for (const [hash, sentMs] of proposer.proposed) {
      if (sentMs < fromMs || sentMs >= untilMs) continue;
      const times = members.flatMap(({ committed }) => committed.get(hash)?.atMs ?? []).sort((a, b) => a - b);
      if (times.length > members.length / 2) medians.push(times[Math.floor(members.length / 2)] - sentMs);
    }
  }
  medians.sort((a, b) => a - b);
  return { blocks: medians.length, p50Ms: share(medians, 0.5), p95Ms: share(medians, 0.95), maxMs: medians.at(-1) };
}

/** Longest time between blocks that were new to somebody, within [fromMs, untilMs). */
export function longestGapMs(members, { fromMs, untilMs }) {
  const first = new Map();
  for (const { committed } of members)
    for (const [hash, { atMs }] of committed) if (!(first.get(hash) <= atMs)) first.set(hash, atMs);
  const times = [...first.values()].filter((atMs) => atMs >= fromMs && atMs < untilMs).sort((a, b) => a - b);
  const marks = [fromMs, ...times, untilMs];
  return Math.max(...marks.slice(1).map((atMs, index) => atMs - marks[index]));
}

/** Two nodes with different blocks of one number. */
export function findForks(nodes) {
  const seen = new Map();
  const findings = [];
  for (const { name, committed } of nodes) {
    for (const [hash, { number }] of committed) {
      const known = seen.get(number) ?? { hash, name };
      seen.set(number, known);
      if (known.hash !== hash) findings.push(`block ${number} differs at ${known.name} and ${name}`);
    }
  }
  return findings;
}
