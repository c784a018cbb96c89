// Sums the rounds up: figures for people and for the JSON file, and which of them break a promise.

/** Any one interruption longer than this is no going on. */
const GAP_MS_MAX = 15_000;

export function percentile(values, share) {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}

const spread = (values) => ({
  p50: Math.round(percentile(values, 0.5) ?? 0),
  p99: Math.round(percentile(values, 0.99) ?? 0),
  max: Math.round(Math.max(0, ...values)),
});

export function sumUp({ seed, rounds, ledger, observer, deaths }) {
  const ones = rounds.map(({ one }) => one);
  const alls = rounds.map(({ all }) => all);
  const { book } = observer;
  return {
    seed,
    rounds: rounds.length,
    gapMs: spread(ones.map(({ longestGapMs }) => longestGapMs)),
    deadTurns: ones.reduce((sum, { deadTurns }) => sum + deadTurns, 0),
    othersSkipped: ones.reduce((sum, { othersSkipped }) => sum + othersSkipped, 0),
    catchUpMs: spread(ones.map(({ caughtUpMs }) => caughtUpMs)),
    signsAgainMs: spread(ones.map(({ signsMs }) => signsMs)),
    recoveryOfAllMs: spread(alls.map(({ recoveredMs }) => recoveredMs)),
    wentBack: alls.flatMap(({ wentBack }) => wentBack).length,
    acknowledged: ledger.entries.length,
    lost: alls.flatMap(({ lost }) => lost).length,
    forks: rounds.filter(({ fork }) => fork !== null).length,
    signedMessagesHeard: book.count,
    undecoded: observer.undecoded(),
    doubleSignatures: book.conflicts.length,
    conflicts: book.conflicts.slice(0, 20),
    deaths,
  };
}

/** One sentence per broken promise; none is what the campaign is for. */
export function findBreaches(figures) {
  const breaches = [];
  const expect = (holds, sentence) => {
    if (!holds) breaches.push(sentence);
  };
  expect(figures.gapMs.max <= GAP_MS_MAX, `no block for ${figures.gapMs.max} ms while one member was down`);
  // A busy machine may make a living leader late; one per round and more would be the dead one's doing.
  expect(figures.othersSkipped <= figures.rounds, `${figures.othersSkipped} views of living leaders lost`);
  expect(figures.wentBack === 0, `${figures.wentBack} members came back with an older head`);
  expect(figures.lost === 0, `${figures.lost} acknowledged receipts are gone`);
  expect(figures.forks === 0, `${figures.forks} rounds ended with different blocks at one height`);
  expect(figures.doubleSignatures === 0, `${figures.doubleSignatures} double signatures`);
  expect(figures.signedMessagesHeard > 0 && figures.undecoded === 0, "the observer heard nothing, or garbage");
  expect(figures.acknowledged > 0, "no transaction was acknowledged");
  expect(figures.deaths.length === 0, `processes ended by themselves: ${figures.deaths.join(", ")}`);
  return breaches;
}

export function describe(figures) {
  const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
  const { gapMs, signsAgainMs, recoveryOfAllMs } = figures;
  return [
    `${figures.rounds} rounds`,
    `longest gap ${seconds(gapMs.max)}`,
    `${figures.deadTurns} turns of dead leaders, a view each, and ${figures.othersSkipped} of living ones lost`,
    `signs again p50 ${seconds(signsAgainMs.p50)} p99 ${seconds(signsAgainMs.p99)}`,
    `all back p50 ${seconds(recoveryOfAllMs.p50)} p99 ${seconds(recoveryOfAllMs.p99)}`,
    `${figures.acknowledged} acknowledged, ${figures.lost} lost`,
    `${figures.signedMessagesHeard} signed messages, ${figures.doubleSignatures} double`,
  ].join("; ");
}
