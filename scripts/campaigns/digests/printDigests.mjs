// `node printDigests.mjs LEVEL PROFILE FROM TO`: one line per seed, its number and the digest of its run. Runs in a process
// of its own, so that nothing but the seed can be the same.
import { PROFILES, runNodeSeed, runSeed } from "@festina/sim";

const [level, profileName, from, to] = process.argv.slice(2);
const profile = PROFILES.find((name) => name === profileName) ?? "mixed";
const runOne = level === "node" ? runNodeSeed : runSeed;

for (let seed = Number(from); seed <= Number(to); seed++) {
  const { digest, violations } = await runOne({ seed, profile });
  process.stdout.write(`${seed} ${digest} ${violations.length}\n`);
}
