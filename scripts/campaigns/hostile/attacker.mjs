// A process of its own that keeps one core busy: with an attack, or (`burn`) with nothing. Tells as JSON what it did.
import { ATTACKS } from "./attacks.mjs";

const { mode, seconds, ...task } = JSON.parse(process.argv[2]);
const endMs = performance.now() + seconds * 1_000;
const isOver = () => performance.now() >= endMs;
let answer = {};
if (mode === "burn") while (!isOver()) await new Promise((resolve) => setImmediate(resolve));
else answer = await ATTACKS[mode]({ ...task, isOver });
process.stdout.write(JSON.stringify(answer));
process.exit(0);
