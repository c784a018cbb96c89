// Looks for a planted bug run by run, until one breaks an invariant that the sources as they are keep in the same run.

/** In turn: some bugs need dishonest members, others crashes or disks that lose things. */
const PROFILES = ["mixed", "byzantine", "rough"];

/**
 * @param planted the simulator with the bug
 * @param sound the simulator without
 * @returns the first run that fails with the bug and passes without, or `null` after `runs` runs
 */
export function findBug({ planted, sound, runs }) {
  for (let run = 0; run < runs; run++) {
    const options = { profile: PROFILES[run % PROFILES.length], seed: 1 + Math.floor(run / PROFILES.length) };
    const violation = judge(planted, options);
    if (violation !== null && judge(sound, options) === null) return { run: run + 1, ...options, ...violation };
  }
  return null;
}

/** A bug may also run into an assertion of the core: then it is found, too. */
function judge(simulator, options) {
  try {
    const [violation] = simulator.runSeed(options).violations;
    return violation === undefined ? null : { invariant: violation.invariant, what: violation.what };
  } catch (error) {
    return { invariant: "assertion", what: String(error.message) };
  }
}
