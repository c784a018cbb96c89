// `npm run bench -- NAME`: measurements, one module each in bench/.
import { runNamed } from "./runNamed.mjs";

await runNamed({ command: "npm run bench", folder: "bench", argv: process.argv.slice(2) });
