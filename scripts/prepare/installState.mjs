// Says whether node_modules holds what package-lock.json asks for.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Why an install is needed, or `null`. A tree that npm itself brought in step is adopted rather than reinstalled. */
export function installProblem(root) {
  const lockText = readFileSync(join(root, "package-lock.json"), "utf8");
  const wanted = lockHash(lockText);
  const recorded = readIfThere(recordPath(root));
  if (recorded === wanted) return null;

  // npm writes its own copy of the lock last, so its presence means a finished install.
  const hidden = readIfThere(join(root, "node_modules", ".package-lock.json"));
  if (hidden === null) return "packages are not installed";
  if (!treeMatchesLock(JSON.parse(hidden).packages ?? {}, JSON.parse(lockText).packages ?? {})) {
    return "packages differ from package-lock.json";
  }
  writeFileSync(recordPath(root), wanted);
  return null;
}

/** Remembers that the tree was installed from the present package-lock.json. */
export function recordInstall(root) {
  writeFileSync(recordPath(root), lockHash(readFileSync(join(root, "package-lock.json"), "utf8")));
}

function treeMatchesLock(installed, wanted) {
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === "") continue;
    const found = installed[path];
    if (found === undefined) {
      if (entry.optional === true || entry.devOptional === true || entry.peer === true) continue;
      return false;
    }
    if (found.version !== entry.version || found.integrity !== entry.integrity) return false;
  }
  return Object.keys(installed).every((path) => wanted[path] !== undefined);
}

function lockHash(lockText) {
  return createHash("sha256").update(`${process.platform}-${process.arch}\n`).update(lockText).digest("hex");
}

function recordPath(root) {
  return join(root, "node_modules", ".festina-install");
}

function readIfThere(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}
