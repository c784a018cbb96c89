// Part of the bundler: what a start does not need is loaded when something of it is first used. The importer gets an object
// of getters, so it must read nothing from it while it loads itself.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** By a name of its own: under a package's, the getters would be read as a module without exports. */
const NAMESPACE = "onDemand";

/** @param {string} required what stands in the bundle */
async function getters(specifier, required) {
  const names = Object.keys(await import(specifier)).filter((name) => name !== "default");
  const list = names.map((name) => `get ${name}() { return require(${JSON.stringify(required)}).${name}; }`);
  return `module.exports = { ${list.join(", ")} };`;
}

/**
 * @param {{ root: string, builtins: string[], modules: string[], aside: Record<string, string> }} choice
 *   `builtins`: of Node's own; `modules`: files below the root that stay in the bundle; `aside`: those that lie beside it,
 *   with what they are required as
 * @returns {import("esbuild").Plugin}
 */
export function onDemand({ root, builtins, modules, aside }) {
  const files = new Map(
    [...modules.map((name) => [name, join(root, name)]), ...Object.entries(aside)].map(([name, required]) => [
      join(root, name),
      required,
    ]),
  );
  const builtin = new RegExp(`^(?:node:)?(?:${builtins.join("|")})$`);
  return {
    name: "on demand",
    setup({ onLoad, onResolve, resolve }) {
      // From within the getters, the way leads to the real thing.
      onResolve({ filter: /./, namespace: NAMESPACE }, ({ path }) =>
        path.startsWith("./") || path.startsWith("node:") ? { path, external: true } : { path },
      );
      onResolve({ filter: builtin, namespace: "file" }, ({ path }) => ({
        path: path.replace(/^(?:node:)?/, "node:"),
        namespace: NAMESPACE,
      }));
      onResolve({ filter: /\.js$/, namespace: "file" }, async ({ path, importer, resolveDir, kind, pluginData }) => {
        if (kind === "entry-point" || pluginData === NAMESPACE) return undefined;
        const found = await resolve(path, { importer, resolveDir, kind, namespace: "file", pluginData: NAMESPACE });
        return files.has(found.path) ? { path: found.path, namespace: NAMESPACE } : undefined;
      });
      onLoad({ filter: /./, namespace: NAMESPACE }, async ({ path }) => ({
        contents: path.startsWith("node:")
          ? await getters(path, path)
          : await getters(pathToFileURL(path).href, files.get(path) ?? path),
      }));
    },
  };
}
