// Builds the page: one script and one style named by their content, and the shell that loads them, each beside its
// compressed forms.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync, constants as zlib } from "node:zlib";
import { build } from "esbuild";

const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), "..");
const FINISHED = join(PACKAGE, "bundle");
const FOLDER = `${FINISHED}.${process.pid}`;

function keep(name, text) {
  const bytes = Buffer.from(text);
  writeFileSync(join(FOLDER, name), bytes);
  const params = { [zlib.BROTLI_PARAM_QUALITY]: 11, [zlib.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  writeFileSync(join(FOLDER, `${name}.br`), brotliCompressSync(bytes, { params }));
  writeFileSync(join(FOLDER, `${name}.gz`), gzipSync(bytes, { level: 9 }));
}

/** Keeps the text under a name with its digest, and answers with the name. */
function keepByContent(extension, text) {
  const name = `page-${createHash("sha256").update(text).digest("hex").slice(0, 16)}.${extension}`;
  keep(name, text);
  return name;
}

const { outputFiles } = await build({
  absWorkingDir: PACKAGE,
  entryPoints: { script: "src/main.tsx", style: "src/style.css" },
  outdir: FOLDER,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome120", "firefox120", "safari17"],
  jsx: "automatic",
  jsxImportSource: "preact",
  conditions: ["source"],
  legalComments: "none",
  logLevel: "warning",
  write: false,
});
const textOf = (end) => outputFiles.find(({ path }) => path.endsWith(end)).text;

mkdirSync(FOLDER, { recursive: true });
const script = keepByContent("js", textOf("script.js"));
const style = keepByContent("css", textOf("style.css"));
const shell = readFileSync(join(PACKAGE, "src/index.html"), "utf8");
keep("index.html", shell.replace("/STYLE", `/${style}`).replace("/SCRIPT", `/${script}`).replace(/>\s+</g, "><"));
rmSync(FINISHED, { recursive: true, force: true });
renameSync(FOLDER, FINISHED);
