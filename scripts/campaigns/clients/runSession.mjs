// Installs one client into a folder, starts a development chain for it, and runs what it has in test/endToEnd/clients.
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { startLocalChain } from "../../bench/dev/localChain.mjs";
import { compileSolidity } from "../../compileSolidity.mjs";
import { repositoryRoot } from "../../prepare.mjs";

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const SOURCES = join(repositoryRoot, "test/endToEnd/clients");
const INSTALL_TIMEOUT_MS = 10 * 60_000;
const SESSION_TIMEOUT_MS = 5 * 60_000;
const FAILURE_CHARS_MAX = 4_000;

const HARDHAT = ["node_modules/hardhat/internal/cli/bootstrap.js", "test", "--network", "festina"];

/** Of Hardhat 3, where the present Node is older. */
const NEWER_NODE = "24.9.0";

/** @type {Record<string, { packages: string[], command: (url: string) => string[], nodeMajorMin?: number }>} */
export const CLIENTS = {
  web3: { packages: ["web3@4.16.0"], command: (url) => ["session.mjs", url, "Counter.json"] },
  hardhat2: {
    packages: [
      "hardhat@2.26.3",
      "@nomicfoundation/hardhat-ethers@3.1.0",
      "@nomicfoundation/hardhat-network-helpers@1.1.0",
      "ethers@6.17.0",
    ],
    command: () => HARDHAT,
  },
  hardhat3: {
    packages: [
      "hardhat@3.18.0",
      "@nomicfoundation/hardhat-ethers@4.2.0",
      "@nomicfoundation/hardhat-network-helpers@3.0.11",
      "@nomicfoundation/hardhat-node-test-runner@3.1.0",
      "ethers@6.17.0",
    ],
    command: () => ["node_modules/hardhat/dist/src/cli.js", "test", "nodejs"],
    nodeMajorMin: 22,
  },
};

function prepareFolder(name, folder) {
  cpSync(join(SOURCES, name), folder, { recursive: true });
  mkdirSync(join(folder, "contracts"), { recursive: true });
  cpSync(join(SOURCES, "Counter.sol"), join(folder, "contracts/Counter.sol"));
  const { Counter } = compileSolidity({ folder: new URL(`file://${SOURCES}/`), names: ["Counter"] });
  writeFileSync(join(folder, "Counter.json"), JSON.stringify(Counter));
  const type = name === "hardhat2" ? "commonjs" : "module";
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "session", private: true, type }));
}

/** The folder with a Node that is new enough; from npm, where the present one is not. */
async function findNode(folder, majorMin) {
  if (Number(process.versions.node.split(".")[0]) >= majorMin) return dirname(process.execPath);
  const name = `node-${process.platform}-${process.arch}`;
  const place = join(folder, "newerNode");
  await run("npm", ["install", "--prefix", place, "--no-audit", "--no-fund", `${name}@${NEWER_NODE}`], {
    timeout: INSTALL_TIMEOUT_MS,
  });
  return join(place, "node_modules", name, "bin");
}

/** @returns what failed, or `null` */
async function attempt(action) {
  try {
    await action();
    return null;
  } catch (error) {
    return `${error.message}\n${error.stdout ?? ""}\n${error.stderr ?? ""}`.slice(0, FAILURE_CHARS_MAX);
  }
}

export async function runSession({ name, folder, port }) {
  const beganMs = performance.now();
  const { packages, command, nodeMajorMin = 20 } = CLIENTS[name];
  const url = `http://127.0.0.1:${port}`;
  const npm = ["install", "--no-audit", "--no-fund", "--loglevel=error", ...packages];
  const environment = {
    ...process.env,
    FESTINA_RPC: url,
    SOLC: require.resolve("solc/soljson.js"),
    SOLC_VERSION: require("solc/package.json").version,
    HARDHAT_DISABLE_TELEMETRY_PROMPT: "true",
  };
  const failure = await attempt(async () => {
    prepareFolder(name, folder);
    const nodes = await findNode(folder, nodeMajorMin);
    const env = { ...environment, PATH: `${nodes}${delimiter}${process.env["PATH"]}` };
    await run("npm", npm, { cwd: folder, env, timeout: INSTALL_TIMEOUT_MS });
    // Hardhat's helpers work with chains of known names only.
    const args = [
      "bin/festina.mjs",
      "dev",
      "--quiet",
      "--port",
      String(port),
      "--client-version",
      "HardhatNetwork/Festina",
    ];
    const [program = "", ...rest] = args;
    const chain = await startLocalChain({
      name: "festina dev",
      command: process.execPath,
      args: [join(repositoryRoot, program), ...rest],
      port,
    });
    try {
      await run(join(nodes, "node"), command(url), { cwd: folder, env, timeout: SESSION_TIMEOUT_MS });
    } finally {
      await chain.stop();
    }
  });
  return { name, versions: packages, failure, seconds: Math.round((performance.now() - beganMs) / 1_000) };
}
