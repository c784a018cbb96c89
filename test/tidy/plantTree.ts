// A small clean tree on disk, into which a test plants what must be found.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Files by path inside the tree: text as it is, objects as JSON. */
export type Planted = Readonly<Record<string, string | object>>;

const PURE = "../../tsconfig.pure.json";
const NODE = "../../tsconfig.node.json";

const CLEAN: Planted = {
  "package.json": { name: "festina", devDependencies: { "@jest/globals": "30.0.0" } },
  "tsconfig.json": { references: ["primitives", "types", "snailchain", "fastchain", "network"].map(reference) },
  ...plantPackage("primitives", PURE, []),
  ...plantPackage("types", PURE, ["primitives"]),
  ...plantPackage("snailchain", PURE, ["primitives", "types"]),
  ...plantPackage("fastchain", PURE, ["primitives", "types"]),
  ...plantPackage("network", NODE, ["primitives", "types"]),
  "packages/network/src/index.ts": 'import { createServer } from "node:net";\nexport const listen = createServer;\n',
  "packages/types/src/index.ts":
    'import { a } from "@festina/primitives";\nexport { b } from "./b.ts";\nexport { a };\n',
  "packages/types/test/b.test.ts":
    'import { it } from "@jest/globals";\nimport { b } from "../src/b.ts";\nit("b", b);\n',
};

/** Writes the clean tree with `planted` on top and returns its folder, which the caller removes. */
export function plantTree(planted: Planted): string {
  const root = mkdtempSync(join(tmpdir(), "festina-layers-"));
  for (const [path, content] of Object.entries({ ...CLEAN, ...planted })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
  }
  return root;
}

/** The manifest and tsconfig of a package that uses the named packages and nothing else. */
export function plantPackage(name: string, base: string, uses: readonly string[]): Planted {
  return {
    [`packages/${name}/package.json`]: {
      name: `@festina/${name}`,
      dependencies: Object.fromEntries(uses.map((other) => [`@festina/${other}`, "0.1.0"])),
    },
    [`packages/${name}/tsconfig.json`]: { extends: base, references: uses.map((other) => ({ path: `../${other}` })) },
    [`packages/${name}/src/index.ts`]: "export const a = 1;\n",
  };
}

function reference(name: string): { path: string } {
  return { path: `./packages/${name}` };
}
