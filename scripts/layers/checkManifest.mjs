// One package's package.json and tsconfig.json against the table and against each other.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { edgeProblem } from "./edge.mjs";

const SCOPE = "@festina/";
const VERSION = /^\d+\.\d+\.\d+$/;

export function checkManifest({ root, table, manifests, rootManifest }, name) {
  const file = `packages/${name}/package.json`;
  const manifest = manifests.get(name);
  const found = [];
  const report = (code, text, where = file) => found.push({ code, file: where, text });

  if (manifest.name !== SCOPE + name) report("package-name", `is called ${manifest.name}, not ${SCOPE}${name}`);
  const declared = Object.entries(manifest.dependencies ?? {});
  for (const [dependency, version] of declared) {
    if (!VERSION.test(version)) report("version-not-exact", `${dependency} is ${version}`);
    if (dependency.startsWith(SCOPE)) {
      const problem = edgeProblem(table, name, dependency.slice(SCOPE.length));
      if (problem !== null) report(problem.code, problem.text);
    } else if (table[name].pure && !(table[name].npm ?? []).includes(dependency)) {
      report("impure-import", `${name} is pure and may not depend on ${dependency}`);
    }
  }
  for (const peer of Object.keys(manifest.peerDependencies ?? {})) {
    if (table[name].pure) report("impure-import", `${name} is pure and may not depend on ${peer}`);
    if (rootManifest.devDependencies?.[peer] === undefined)
      report("peer-untested", `${peer} is not among the versions that tests use`);
  }
  checkTsconfig({ root, table, name, declared, report });
  return found;
}

function checkTsconfig({ root, table, name, declared, report }) {
  const file = `packages/${name}/tsconfig.json`;
  const tsconfig = JSON.parse(readFileSync(join(root, file), "utf8"));
  const { pure, page } = table[name];
  const base = `../../tsconfig.${pure ? "pure" : page ? "page" : "node"}.json`;
  if (tsconfig.extends !== base) report("tsconfig-base", `extends ${tsconfig.extends}, not ${base}`, file);
  for (const option of ["types", "lib"]) {
    if (tsconfig.compilerOptions?.[option] !== undefined) report("tsconfig-base", `sets its own ${option}`, file);
  }

  const referenced = (tsconfig.references ?? []).map((reference) => reference.path.replace(/^\.\.\//, ""));
  const wanted = declared.flatMap(([key]) => (key.startsWith(SCOPE) ? [key.slice(SCOPE.length)] : []));
  for (const other of wanted) {
    if (!referenced.includes(other)) report("reference-missing", `no reference to ../${other}`, file);
  }
  for (const other of referenced) {
    if (!wanted.includes(other)) report("reference-undeclared", `${other} is not in package.json`, file);
  }
}
