// `ask(method, ...params)` of a node in a namespace, by a process that runs there.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("askWithin.mjs", import.meta.url));

/** @param {readonly string[]} within the words before the command */
export function openAsker(within, rpcPort) {
  const [name, ...args] = [...within, process.execPath, PROGRAM, `http://127.0.0.1:${rpcPort}`];
  const child = spawn(name, args, { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.on("error", () => undefined);
  const open = new Map();
  let lastId = 0;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { id, result, error } = JSON.parse(line);
    const { resolve, reject } = open.get(id);
    open.delete(id);
    if (error === undefined) resolve(result);
    else reject(new Error(error));
  });
  child.once("close", () => {
    for (const { reject } of open.values()) reject(new Error("the asking process has ended"));
  });
  return {
    /** @returns {Promise<any>} */
    ask: (method, ...params) =>
      new Promise((resolve, reject) => {
        if (child.exitCode !== null) return reject(new Error("the asking process has ended"));
        const id = ++lastId;
        open.set(id, { resolve, reject });
        child.stdin.write(`${JSON.stringify({ id, method, params })}\n`);
      }),
    close: () => child.kill("SIGKILL"),
  };
}
