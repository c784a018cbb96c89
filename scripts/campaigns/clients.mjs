// `npm run campaign -- clients`: one session each of web3.js, Hardhat 2 and Hardhat 3 with `festina dev`. They are too heavy for
// everybody's install: each is installed into a folder of its own, by pinned versions, and leaves nothing behind.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT_USAGE, readOptions, wholeNumber } from "../readOptions.mjs";
import { CLIENTS, runSession } from "./clients/runSession.mjs";

export const summary = "web3.js, Hardhat 2 and Hardhat 3 deploy, call, travel in time and impersonate on festina dev";

const USAGE = `usage: npm run campaign -- clients [--only ${Object.keys(CLIENTS).join(",")}] [--port 21280] [--json FILE]
Installs from the npm registry, about 400 MB for a few minutes. Exit code 1 when a session fails.
`;

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  only: { type: "string", default: Object.keys(CLIENTS).join(",") },
  port: { type: "string", default: "21280" },
  json: { type: "string" },
};

function checkOptions(values) {
  const names = values.only.split(",");
  const unknown = names.filter((name) => CLIENTS[name] === undefined);
  if (unknown.length > 0) throw new Error(`--only is a list of ${Object.keys(CLIENTS).join(", ")}`);
  return { names, port: wholeNumber(values, "port", { min: 1, max: 65_000 }), jsonFile: values.json };
}

export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const sessions = [];
  for (const name of options.names) {
    const folder = mkdtempSync(join(tmpdir(), `festina-${name}-`));
    try {
      sessions.push(await runSession({ name, folder, port: options.port }));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, `${JSON.stringify({ sessions }, null, 2)}\n`);
  for (const { name, failure } of sessions) if (failure !== null) process.stderr.write(`${name}:\n${failure}\n`);
  const told = sessions.map(({ name, versions, failure, seconds }) => {
    const [main = ""] = versions;
    return `${name} (${main}) ${failure === null ? "passed" : "FAILED"} in ${seconds} s`;
  });
  process.stdout.write(`clients: ${told.join(", ")}\n`);
  return sessions.every(({ failure }) => failure === null) ? 0 : 1;
}
