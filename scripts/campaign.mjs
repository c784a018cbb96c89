// `npm run campaign -- NAME`: long proofs against real processes, one module each in scripts/campaigns/.
import { runNamed } from "./runNamed.mjs";

await runNamed({ command: "npm run campaign", folder: "scripts/campaigns", argv: process.argv.slice(2) });
