// Runs Jest once over some folders and counts what its own report says, so that the sum can be printed plainly.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const NODE_FLAGS = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
/** A Jest that has written its report but does not end is held open by something a test left behind. */
const EXIT_GRACE_MS = 20_000;

/** @returns {Promise<{ passed: number, failed: number, skipped: number }>} */
export async function runJest({ root, folders, args }) {
  const scratch = mkdtempSync(join(tmpdir(), "festina-test-"));
  const report = join(scratch, "report.json");
  try {
    const ended = await runToEnd(root, report, [
      ...folders.map((folder) => `--roots=${folder}`),
      ...["--passWithNoTests", "--json", `--outputFile=${report}`, ...args],
    ]);
    return countReport(report, ended);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function runToEnd(root, report, args) {
  return new Promise((resolve, reject) => {
    const jest = spawn(process.execPath, [...NODE_FLAGS, "node_modules/jest/bin/jest.js", ...args], {
      cwd: root,
      // With --json, Jest prints its progress on stderr; stdout stays ours, and stderr joins it in order.
      stdio: ["ignore", "inherit", "inherit"],
    });
    let grace;
    const watch = setInterval(() => {
      if (grace === undefined && existsSync(report)) grace = setTimeout(() => jest.kill("SIGKILL"), EXIT_GRACE_MS);
    }, 1_000);
    const settle = (outcome) => {
      clearInterval(watch);
      clearTimeout(grace);
      outcome();
    };
    jest.on("error", (error) => settle(() => reject(error)));
    jest.on("exit", (code, signal) => settle(() => resolve(signal === null ? `exit code ${code}` : signal)));
  });
}

function countReport(report, ended) {
  if (!existsSync(report)) {
    process.stderr.write(`jest gave no report (${ended})\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const counts = JSON.parse(readFileSync(report, "utf8"));
  // A suite that cannot even be loaded has no tests to count; it is one failure.
  const failed = counts.numFailedTests + counts.numRuntimeErrorTestSuites;
  const unclean = failed === 0 && ended !== "exit code 0";
  if (unclean) process.stderr.write(`jest did not end cleanly (${ended}), though no test failed\n`);
  return {
    passed: counts.numPassedTests,
    failed: failed + (unclean ? 1 : 0),
    skipped: counts.numPendingTests + counts.numTodoTests,
  };
}
