// `npm run coverage -- bft`: which lines of a part the unit tests of that part run. Fails below the part's least share.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { prepareInstall, repositoryRoot } from "./prepare.mjs";

/** Share of lines in percent. */
const PARTS = {
  bft: { sources: "packages/fastchain/src/bft/**/*.ts", tests: "packages/fastchain/test/bft", linesMin: 95 },
};

const [name] = process.argv.slice(2);
const part = Object.hasOwn(PARTS, name ?? "") ? PARTS[name] : undefined;
if (part === undefined) {
  process.stderr.write(`usage: npm run coverage -- PART, of ${Object.keys(PARTS).join(", ")}\n`);
  process.exitCode = 2;
} else {
  await prepareInstall();
  process.exitCode = await measure(part);
}

async function measure({ sources, tests, linesMin }) {
  const folder = mkdtempSync(join(tmpdir(), "festina-coverage-"));
  try {
    const failed = await runJest([
      `--roots=${tests}`,
      "--coverage",
      "--coverageProvider=v8",
      `--collectCoverageFrom=${sources}`,
      "--coverageReporters=json-summary",
      `--coverageDirectory=${folder}`,
    ]);
    if (failed !== 0) return failed;
    const { total, ...files } = JSON.parse(readFileSync(join(folder, "coverage-summary.json"), "utf8"));
    for (const [file, { lines }] of Object.entries(files))
      process.stdout.write(`${String(lines.pct).padStart(7)} %  ${relative(repositoryRoot, file)}\n`);
    const { covered, total: all, pct } = total.lines;
    process.stdout.write(`lines of ${name}: ${covered} of ${all} run, ${pct} % (at least ${linesMin} %)\n`);
    return pct >= linesMin ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runJest(args) {
  const flags = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
  const jest = spawn(process.execPath, [...flags, "node_modules/jest/bin/jest.js", ...args], {
    cwd: repositoryRoot,
    stdio: "inherit",
  });
  return new Promise((resolve, reject) => {
    jest.once("error", reject);
    jest.once("close", (code) => resolve(code ?? 1));
  });
}
