// The layer check: compares every import, manifest and tsconfig with the table in layers.json. A package imports only
// from lower layers; exceptions are named in the table.
//   node scripts/layers.mjs [ROOT]
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { checkLayers } from "./layers/checkLayers.mjs";

const root = resolve(process.argv[2] ?? resolve(dirname(fileURLToPath(import.meta.url)), ".."));
const violations = checkLayers(root);
for (const { code, file, text } of violations) process.stdout.write(`${code} ${file}: ${text}\n`);
process.stdout.write(violations.length === 0 ? "layers: clean\n" : `layers: ${violations.length} violations\n`);
process.exitCode = violations.length === 0 ? 0 : 1;
