// Completes package-lock.json after an install from a registry that lacks some platforms' optional packages: npm then
// leaves them out, and `npm ci` refuses such a lock everywhere. What is added names version and platform only.
//   node scripts/completeLock.mjs [--check]     with --check nothing is written and the exit code says whether it would be
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "./prepare.mjs";

const OS_NAMES = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const CPU_NAMES = {
  amd64: "x64",
  arm: "arm",
  arm64: "arm64",
  ia32: "ia32",
  loong64: "loong64",
  loongarch64: "loong64",
  ppc64: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
  wasm32: "wasm32",
  x64: "x64",
};
const EXACT_VERSION = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

const path = join(repositoryRoot, "package-lock.json");
const lock = JSON.parse(readFileSync(path, "utf8"));
const added = missingEntries(lock.packages);
for (const [key] of added) process.stdout.write(`${key}\n`);

if (process.argv.includes("--check")) process.exitCode = added.length === 0 ? 0 : 1;
else if (added.length > 0) {
  const entries = Object.entries({ ...lock.packages, ...Object.fromEntries(added) });
  entries.sort(([a], [b]) => a.localeCompare(b, "en"));
  writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(entries) }, null, 2)}\n`);
}

function missingEntries(packages) {
  const missing = new Map();
  for (const [parent, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isResolved(packages, parent, name)) continue;
      const key = `node_modules/${name}`;
      const before = missing.get(key);
      if (before !== undefined && before.version !== version)
        throw new Error(`${key}: ${before.version} and ${version}`);
      missing.set(key, platformEntry(name, version, entry.dev === true));
    }
  }
  return [...missing];
}

/** Looks where Node would: beside the parent first, then in each folder above it. */
function isResolved(packages, parent, name) {
  for (let folder = parent; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1))) {
    if (packages[`${folder === "" ? "" : `${folder}/`}node_modules/${name}`] !== undefined) return true;
    if (folder === "" || !folder.includes("node_modules/")) {
      return packages[`node_modules/${name}`] !== undefined;
    }
  }
}

function platformEntry(name, version, isDev) {
  const words = name.split(/[/@_-]/);
  const os = OS_NAMES.filter((word) => words.includes(word));
  const cpu = words.flatMap((word) => CPU_NAMES[word] ?? []);
  const libc = name.includes("-musl") ? "musl" : name.includes("-gnu") ? "glibc" : null;
  if (!EXACT_VERSION.test(version)) throw new Error(`${name}@${version}: not an exact version`);
  if (os.length + cpu.length === 0) throw new Error(`${name}: its platform cannot be told from its name`);
  return {
    version,
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(isDev ? { dev: true } : {}),
    ...(libc === null ? {} : { libc: [libc] }),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  };
}
