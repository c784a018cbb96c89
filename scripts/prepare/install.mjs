// Installs exactly what package-lock.json names. No package's own install script is run.
import { basename } from "node:path";
import { recordInstall } from "./installState.mjs";
import { runCommand } from "./runCommand.mjs";

const INSTALL_TIMEOUT_MS = 15 * 60_000;

export async function install(root) {
  const [file, ...prefix] = npmCommand();
  await runCommand({
    label: "installing packages",
    file,
    // Dev packages are needed to build, whatever NODE_ENV says.
    args: [...prefix, "ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"],
    shown: "npm ci --ignore-scripts",
    cwd: root,
    timeoutMs: INSTALL_TIMEOUT_MS,
    missing: "npm was not found: install Node with npm, or put npm on the PATH",
  });
  recordInstall(root);
}

/** The npm that started us if there is one, for it matches this Node; else the one on the PATH. */
function npmCommand() {
  const started = process.env.npm_execpath;
  if (started !== undefined && basename(started) === "npm-cli.js") return [process.execPath, started];
  return [process.platform === "win32" ? "npm.cmd" : "npm"];
}
