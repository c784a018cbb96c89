// What the outside checks know of the node: JSON-RPC over HTTP, and nothing of the project's own code.

/** Returns `ask(method, ...params)`. @throws Error with the node's message, or when it does not answer */
export function connectTo(url) {
  let id = 0;
  return async (method, ...params) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params }),
      signal: AbortSignal.timeout(30_000),
    }).catch((cause) => {
      throw new Error(`no answer from ${url}`, { cause });
    });
    const { result, error } = /** @type {any} */ (await response.json());
    if (error !== undefined) throw new Error(`${method}: ${error.message} (${error.code})`);
    return result;
  };
}

export const toQuantity = (number) => `0x${number.toString(16)}`;

/** Options as `--name VALUE`; a name listed in `many` may be repeated and gives a list. */
export function readOptions(argv, usage, defaults, many = []) {
  const options = { ...defaults };
  for (let index = 0; index < argv.length; index += 2) {
    const name = argv[index]?.replace(/^--/, "");
    const value = argv[index + 1];
    if (!(name in defaults) || value === undefined) {
      process.stderr.write(`usage: ${usage}\n`);
      process.exit(2);
    }
    options[name] = many.includes(name) ? [...options[name], value] : value;
  }
  return options;
}

/** Runs a check: its findings are lines of standard error, and exit code 1. */
export async function runCheck(check) {
  try {
    const findings = await check();
    for (const finding of findings) process.stderr.write(`${finding}\n`);
    process.exitCode = findings.length === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error.message}${error.cause ? `: ${error.cause.message}` : ""}\n`);
    process.exitCode = 1;
  }
}
