// Every module specifier of one package's sources and tests against its manifest and the table.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { edgeProblem } from "./edge.mjs";
import { moduleSpecifiers } from "./moduleSpecifiers.mjs";

const SCOPE = "@festina/";
const SOURCE_FILE = /\.(?:ts|tsx|mts)$/;

export function checkImports(context, name) {
  const folder = join(context.root, "packages", name);
  const found = [];
  for (const part of ["src", "test", "testing"]) {
    for (const path of sourceFiles(join(folder, part))) {
      const file = relative(context.root, path).split(sep).join("/");
      const text = readFileSync(path, "utf8");
      const problems = checkFile({ ...context, name, folder, path, isTest: part !== "src" }, text);
      found.push(...problems.map((problem) => ({ ...problem, file })));
    }
  }
  return found;
}

function checkFile(site, text) {
  const found = [];
  const pure = site.table[site.name].pure && !site.isTest;
  if (pure && /^\s*\/\/\/\s*<reference\s+(?:types|lib)=/m.test(text)) {
    found.push({ code: "impure-import", text: "a triple-slash reference brings in outside types" });
  }
  for (const specifier of moduleSpecifiers(text)) {
    if (specifier === null) {
      if (pure) found.push({ code: "impure-import", text: "an import whose name is computed" });
      continue;
    }
    const problem = specifierProblem(site, specifier);
    if (problem !== null) found.push(problem);
  }
  return found;
}

function specifierProblem(site, specifier) {
  if (specifier.startsWith(".") || specifier.startsWith("/")) return relativeProblem(site, specifier);
  if (specifier.startsWith(SCOPE)) return siblingProblem(site, specifier);
  if (isBuiltin(specifier)) return builtinProblem(site, specifier);
  return npmProblem(site, specifier);
}

function relativeProblem({ path, folder }, specifier) {
  const outside = relative(folder, join(dirname(path), specifier)).startsWith("..");
  return outside ? { code: "deep-import", text: `${specifier} leaves the package` } : null;
}

function siblingProblem({ name, table, manifests, isTest }, specifier) {
  const [to = "", ...rest] = specifier.slice(SCOPE.length).split("/");
  // A package may offer its port's compliance suite to the tests of those who fit the port.
  const isOffered = isTest && manifests.get(to)?.exports?.[`./${rest.join("/")}`] !== undefined;
  if (rest.length > 0 && !isOffered) return { code: "deep-import", text: `${specifier} reaches into another package` };
  if (to === name) return isTest ? null : { code: "self-import", text: `${specifier} imports itself by name` };
  // A test may bring real neighbours along (an adapter under a state machine), as long as they exist.
  if (isTest) return manifests.has(to) ? null : { code: "unknown-package", text: `${specifier} does not exist` };
  const problem = edgeProblem(table, name, to);
  if (problem !== null) return problem;
  return isDeclared(manifests.get(name), specifier) ? null : undeclared(specifier);
}

function builtinProblem({ name, table, isTest }, specifier) {
  if (!table[name].pure || isTest) return null;
  return { code: "impure-import", text: `${name} is pure and may not import ${specifier}` };
}

function npmProblem({ name, table, manifests, rootManifest, isTest }, specifier) {
  const parts = specifier.split("/");
  const dependency = specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
  if (isTest && rootManifest.devDependencies?.[dependency] !== undefined) return null;
  if (!isDeclared(manifests.get(name), dependency)) return undeclared(dependency);
  if (isTest || !table[name].pure || (table[name].npm ?? []).includes(dependency)) return null;
  return { code: "impure-import", text: `${name} is pure and may not import ${dependency}` };
}

/** What whoever uses the package brings along is declared, too. */
function isDeclared({ dependencies, peerDependencies }, dependency) {
  return dependencies?.[dependency] !== undefined || peerDependencies?.[dependency] !== undefined;
}

function undeclared(dependency) {
  return { code: "undeclared-import", text: `${dependency} is not in package.json` };
}

function sourceFiles(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && SOURCE_FILE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
