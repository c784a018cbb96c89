// Compiles every assembly/<name>.ts to WebAssembly and writes it as src/generated/<name>Kernel.ts, which exports
// `<name>Wasm`: the module in base64. That of a pure package is in hex, which it can read, and lies there. A kernel is compiled again when its source, this script or the compiler changed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, posix, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { takeCurveLibrary } from "./curveLibrary.mjs";

const script = fileURLToPath(import.meta.url);
const root = resolve(dirname(script), "..");
const sources = join(root, "assembly");
const generated = join(root, "src/generated");
const SUFFIX = "Kernel.ts";
/** Kernels of pure packages. */
const PURE = new Map([["keccak", resolve(root, "../crypto/src/generated")]]);

/** Kernels that are made from another's source with constants of their own. */
const VARIANTS = new Map([
  ["evmTraced", { source: "evm", flags: ["--use", "TRACING=1"] }],
  ["truehashSimd", { source: "truehash", flags: ["--use", "SIMD=1"] }],
]);

/** A library's module, which is not compiled here. */
const LIBRARY = "mcl";

const compilerVersion = createRequire(import.meta.url)("assemblyscript/package.json").version;
/** Parts in folders are imported by the kernels beside them. */
const parts = readdirSync(sources, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
  .sort();
const texts = new Map(parts.map((file) => [file.split(sep).join("/"), readFileSync(join(sources, file), "utf8")]));
const names = [
  ...[...texts.keys()].filter((file) => !file.includes("/")).map((file) => basename(file, ".ts")),
  ...VARIANTS.keys(),
].sort();
const generatedNames = new Set([...names, LIBRARY].filter((name) => !PURE.has(name)));

for (const folder of [generated, ...PURE.values()]) mkdirSync(folder, { recursive: true });
for (const file of readdirSync(generated)) {
  const name = file.slice(0, -SUFFIX.length);
  if (file.endsWith(SUFFIX) && !generatedNames.has(name)) rmSync(join(generated, file));
}
for (const name of names) await buildKernel(name);
takeCurveLibrary(join(generated, `${LIBRARY}${SUFFIX}`), writeInPlace);

async function buildKernel(name) {
  const { source, flags } = VARIANTS.get(name) ?? { source: name, flags: [] };
  const fingerprint = fingerprintOf(sourcesOf(`${source}.ts`));
  const output = join(PURE.get(name) ?? generated, `${name}${SUFFIX}`);
  const stamp = `// Made from assembly/${source}.ts by scripts/kernels.mjs; ${fingerprint}`;
  if (existsSync(output) && readFileSync(output, "utf8").startsWith(`${stamp}\n`)) return;

  const wasm = encodeModule(name, await compile(source, flags));
  writeInPlace(output, `${stamp}\nexport const ${name}Wasm: string =\n  "${wasm}";\n`);
}

/** Renamed into place, so that a build that is stopped half-way leaves no half of a file. */
function writeInPlace(output, text) {
  writeFileSync(`${output}.${process.pid}`, text);
  renameSync(`${output}.${process.pid}`, output);
}

function encodeModule(name, wasm) {
  return PURE.has(name) ? `0x${Buffer.from(wasm).toString("hex")}` : Buffer.from(wasm).toString("base64");
}

/** A kernel's source and everything it imports, directly or not. */
function sourcesOf(file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, specifier] of (texts.get(file) ?? "").matchAll(/ from "(\.[^"]+)";/g))
    sourcesOf(posix.join(posix.dirname(file), `${specifier}.ts`), found);
  return found;
}

function fingerprintOf(files) {
  const hash = createHash("sha256").update(compilerVersion).update(readFileSync(script));
  for (const file of [...files].sort()) hash.update(file).update(texts.get(file) ?? "");
  return hash.digest("hex");
}

async function compile(name, flags) {
  // Loaded only when there is something to compile: it takes half a second.
  const { main } = await import("assemblyscript/asc");
  const entry = `${name}.ts`;
  let wasm = null;
  const { error, stderr } = await main(
    [
      entry,
      "--outFile",
      "kernel.wasm",
      "-O3",
      "--converge",
      "--noAssert",
      "--runtime",
      "stub",
      "--enable",
      "simd",
      "--exportTable",
      ...flags,
    ],
    {
      readFile: (file) => texts.get(file) ?? null,
      writeFile: (file, contents) => {
        if (file === "kernel.wasm") wasm = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || wasm === null) throw new Error(`kernel ${name} does not compile:\n${stderr.toString()}`);
  return wasm;
}
