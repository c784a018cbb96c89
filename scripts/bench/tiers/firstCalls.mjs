// The first call of code that nobody has seen: on the engine that would compile it later, and on the interpreter.
import { median } from "../../statistics.mjs";
import { createRunner } from "../tvm/ours.mjs";

/** Each round has a code of its own: bytes that are never reached stand behind it. */
const saltCode = (code, round) => Uint8Array.from([...code, 0xfe, round & 0xff, round >> 8]);

export async function measureFirstCalls(engines, workload, rounds) {
  const runners = Object.entries(engines).map(([name, engine]) => {
    /** @type {number[]} */
    const times = [];
    return { name, run: createRunner(engine), times };
  });
  for (let round = 0; round < rounds; round++) {
    const fresh = { ...workload, code: saltCode(workload.code, round) };
    const order = round % 2 === 0 ? runners : [...runners].reverse();
    for (const { run, times } of order) times.push((await run(fresh)).ms);
  }
  return Object.fromEntries(runners.map(({ name, times }) => [name, median(times.slice(2))]));
}
