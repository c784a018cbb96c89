// `npm run bench -- NAME`: measurements, one module each in scripts/bench/.
import { runNamed } from "./runNamed.mjs";

await runNamed({ command: "npm run bench", folder: "scripts/bench", argv: process.argv.slice(2) });
