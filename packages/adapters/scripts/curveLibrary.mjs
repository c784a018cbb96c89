// The library mcl, taken out of its JavaScript, which needs a tenth of a second to decode it, for each curve again: its
// WebAssembly module, and what setting it up for a curve leaves in memory, so that no node has to wait for that.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const manifest = require("mcl-wasm/package.json");

/** The library's numbers of curves. */
const CURVES = { bn254: 4, bls12: 5, p256: 107 };
/** How many words of 64 bits fields have in this build, 4 for scalars and 6 for coordinates: setting up asks for it. */
const COMPILED_TIME_VAR = 46;
/** Of 64 KiB. */
const MEMORY_PAGES = 32;
/** Changes that lie no further apart are one. */
const GAP_BYTES = 256;

/** Writes the module and the curves, unless they are there. `write(file, text)` */
export function takeCurveLibrary(output, write) {
  const stamp = `// Out of ${manifest.name} ${manifest.version} (${manifest.license}) by scripts/curveLibrary.mjs`;
  if (existsSync(output) && readFileSync(output, "utf8").startsWith(`${stamp}\n`)) return;
  const [, base64] =
    /wasmBase64 = '([^']+)'/.exec(readFileSync(require.resolve("mcl-wasm/dist/mcl_c.js"), "utf8")) ?? [];
  if (base64 === undefined) throw new Error(`mcl-wasm ${manifest.version} does not carry its module as it used to`);
  const module = new WebAssembly.Module(Buffer.from(base64, "base64"));
  const setUps = Object.entries(CURVES).map(([name, curve]) => `  ${name}: ${JSON.stringify(setUp(module, curve))},\n`);
  const lines = [
    stamp,
    `export const mclWasm: string =\n  "${base64}";`,
    `/** Of 64 KiB, to begin with. */\nexport const mclMemoryPages = ${MEMORY_PAGES};`,
    `/** Places in memory and what setting up leaves there. */`,
    `export const mclSetUps: Readonly<Record<${Object.keys(CURVES)
      .map((name) => `"${name}"`)
      .join(" | ")}, readonly (readonly [number, string])[]>> = {\n${setUps.join("")}};\n`,
  ];
  write(output, lines.join("\n"));
}

/** @returns where memory differs from that of a fresh instance, and how */
function setUp(module, curve) {
  const memory = new WebAssembly.Memory({ initial: MEMORY_PAGES });
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  const { __wasm_call_ctors: construct, mclBn_init: initialise } = /** @type {Record<string, any>} */ (
    instance.exports
  );
  construct();
  const before = new Uint8Array(memory.buffer).slice();
  if (initialise(curve, COMPILED_TIME_VAR) !== 0) throw new Error(`mcl-wasm has no curve ${curve}`);
  const after = new Uint8Array(memory.buffer);
  if (after.length !== before.length) throw new Error("mcl-wasm takes more memory than it did");
  const changes = [];
  for (let at = 0; at < after.length; at++) {
    if (after[at] === before[at]) continue;
    const last = changes.at(-1);
    if (last !== undefined && at - last.end < GAP_BYTES) last.end = at + 1;
    else changes.push({ start: at, end: at + 1 });
  }
  return changes.map(({ start, end }) => [start, Buffer.from(after.subarray(start, end)).toString("base64")]);
}
