// Makes sure that the tree is installed and built before anything else runs. Only Node's own modules are imported, for
// there may be nothing else yet; when nothing is stale it costs a few hundred `stat` calls.
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildProblem } from "./prepare/buildState.mjs";
import { installProblem } from "./prepare/installState.mjs";

export const repositoryRoot = resolve(dirname(fileURLToPath(import.meta.url)), "..");

const NODE_VERSION_MIN = [20, 19];

/** Installs and builds what is missing or stale. Prints one clear message and ends the process when it cannot. */
export async function prepare(root = repositoryRoot) {
  await prepareSteps(root, { build: true });
}

/** The first half of `prepare`: packages only. */
export async function prepareInstall(root = repositoryRoot) {
  await prepareSteps(root, { build: false });
}

async function prepareSteps(root, { build }) {
  refuseOldNode();
  if (installProblem(root) === null && (!build || buildProblem(root) === null)) return;

  const { withLock } = await import("./prepare/lock.mjs");
  const { CommandFailure } = await import("./prepare/runCommand.mjs");
  try {
    await withLock(root, async () => {
      // Asked again under the lock: whoever held it may have done the work.
      if (installProblem(root) !== null) await (await import("./prepare/install.mjs")).install(root);
      if (build && buildProblem(root) !== null) await (await import("./prepare/build.mjs")).build(root);
    });
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [majorMin, minorMin] = NODE_VERSION_MIN;
  if (major > majorMin || (major === majorMin && minor >= minorMin)) return;
  process.stderr.write(`festina needs Node ${NODE_VERSION_MIN.join(".")} or newer; this is ${process.version}\n`);
  process.exit(1);
}
