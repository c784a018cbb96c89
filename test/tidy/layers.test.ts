// The layer check is only worth something if it can fail: each kind of violation is planted and must be seen.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "@jest/globals";
import { checkLayers } from "../../scripts/layers/checkLayers.mjs";
import { type Planted, plantPackage, plantTree } from "./plantTree.ts";

const PURE = "../../tsconfig.pure.json";
const NODE = "../../tsconfig.node.json";

const repositoryRoot = fileURLToPath(new URL("../..", import.meta.url));

/** The violations as lines: code, file, text. */
function checkPlanted(planted: Planted): readonly string[] {
  const root = plantTree(planted);
  try {
    return checkLayers(root).map(({ code, file, text }) => `${code} ${file}: ${text}`);
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** Runs the check as the house runs it. */
function runLayers(root: string): { exitCode: number | null; output: string } {
  const script = fileURLToPath(new URL("../../scripts/layers.mjs", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, root], { encoding: "utf8" });
  return { exitCode: status, output: stdout + stderr };
}

const importsOf = (name: string, source: string): Planted => ({ [`packages/${name}/src/planted.ts`]: source });

const VIOLATIONS: readonly (readonly [what: string, code: string, file: string, planted: Planted])[] = [
  ["an import upward", "upward-import", "primitives/src", importsOf("primitives", 'import "@festina/types";')],
  [
    "a type import upward",
    "upward-import",
    "types/src",
    importsOf("types", 'import type { A } from "@festina/network";'),
  ],
  [
    "an import type expression",
    "upward-import",
    "types/src",
    importsOf("types", 'let a: import("@festina/network").A;'),
  ],
  ["a dynamic import upward", "upward-import", "types/src", importsOf("types", 'await import("@festina/fastchain");')],
  ["a re-export upward", "upward-import", "types/src", importsOf("types", 'export * from "@festina/fastchain";')],
  ["a template name upward", "upward-import", "types/src", importsOf("types", "await import(`@festina/fastchain`);")],
  [
    "a split import",
    "upward-import",
    "types/src",
    importsOf("types", 'import {\n  a, // "x"\n} from\n"@festina/network";'),
  ],
  ["an import sideways", "same-layer-import", "snailchain/src", importsOf("snailchain", 'import "@festina/network";')],
  ["snail importing fast", "upward-import", "snailchain/src", importsOf("snailchain", 'import "@festina/fastchain";')],
  [
    "fast importing snail",
    "forbidden-import",
    "fastchain/src",
    importsOf("fastchain", 'import "@festina/snailchain";'),
  ],
  [
    "fast declaring snail",
    "forbidden-import",
    "fastchain/package.json",
    plantPackage("fastchain", PURE, ["snailchain"]),
  ],
  ["a manifest edge upward", "upward-import", "types/package.json", plantPackage("types", PURE, ["network"])],
  [
    "an undeclared npm package",
    "undeclared-import",
    "network/src",
    importsOf("network", 'import ws from "ws/lib/a.js";'),
  ],
  [
    "a peer that no test uses",
    "peer-untested",
    "network/package.json",
    { "packages/network/package.json": { name: "@festina/network", peerDependencies: { ws: "^8.0.0" } } },
  ],
  [
    "a peer of a pure package",
    "impure-import",
    "types/package.json",
    { "packages/types/package.json": { name: "@festina/types", peerDependencies: { "@jest/globals": "^30.0.0" } } },
  ],
  [
    "an undeclared npm package in a test",
    "undeclared-import",
    "types/test",
    { "packages/types/test/p.ts": 'import "ws";' },
  ],
  [
    "an undeclared package of ours",
    "undeclared-import",
    "network/src",
    {
      ...plantPackage("network", NODE, ["types"]),
      ...importsOf("network", 'import "@festina/primitives";'),
    },
  ],
  [
    "a subpath of another package",
    "deep-import",
    "types/src",
    importsOf("types", 'import "@festina/primitives/src/a.ts";'),
  ],
  [
    "a path into another package",
    "deep-import",
    "types/src",
    importsOf("types", 'import "../../primitives/src/a.ts";'),
  ],
  [
    "a path out of a test",
    "deep-import",
    "types/test",
    { "packages/types/test/p.ts": 'import "../../network/src/a.ts";' },
  ],
  [
    "node: in a pure package",
    "impure-import",
    "types/src",
    importsOf("types", 'import { readFileSync } from "node:fs";'),
  ],
  ["a bare builtin in a pure package", "impure-import", "types/src", importsOf("types", 'import fs from "fs";')],
  ["require in a pure package", "impure-import", "types/src", importsOf("types", 'const fs = require("fs");')],
  ["a computed import in a pure package", "impure-import", "types/src", importsOf("types", "await import(name);")],
  [
    "outside types in a pure package",
    "impure-import",
    "types/src",
    importsOf("types", '/// <reference types="node" />'),
  ],
  [
    "an npm package declared by a pure package",
    "impure-import",
    "types/package.json",
    {
      "packages/types/package.json": {
        name: "@festina/types",
        dependencies: { "@festina/primitives": "0.1.0", ws: "8.0.0" },
      },
    },
  ],
  [
    "a version range",
    "version-not-exact",
    "network/package.json",
    {
      "packages/network/package.json": { name: "@festina/network", dependencies: { ws: "^8.0.0" } },
    },
  ],
  [
    "a reference without a manifest entry",
    "reference-undeclared",
    "types/tsconfig.json",
    {
      "packages/types/package.json": { name: "@festina/types" },
    },
  ],
  [
    "a manifest entry without a reference",
    "reference-missing",
    "types/tsconfig.json",
    {
      "packages/types/tsconfig.json": { extends: PURE },
    },
  ],
  ["a package that the root does not build", "reference-missing", "tsconfig.json", { "tsconfig.json": {} }],
  [
    "a pure package with Node's types",
    "tsconfig-base",
    "types/tsconfig.json",
    {
      "packages/types/tsconfig.json": { extends: NODE, references: [{ path: "../primitives" }] },
    },
  ],
  [
    "a pure package with types of its own",
    "tsconfig-base",
    "types/tsconfig.json",
    {
      "packages/types/tsconfig.json": {
        extends: PURE,
        compilerOptions: { types: ["node"] },
        references: [{ path: "../primitives" }],
      },
    },
  ],
  ["a package that is not in the table", "unknown-package", "extra/package.json", plantPackage("extra", PURE, [])],
  [
    "a package under another name",
    "package-name",
    "types/package.json",
    {
      "packages/types/package.json": { name: "@festina/typos", dependencies: { "@festina/primitives": "0.1.0" } },
    },
  ],
];

describe("layers", () => {
  it("finds nothing in this tree", () => {
    expect(runLayers(repositoryRoot)).toEqual({ exitCode: 0, output: "layers: clean\n" });
  });

  it("ends with code 1 when it finds something", () => {
    const root = plantTree(importsOf("types", 'import "@festina/network";'));
    try {
      expect(runLayers(root)).toMatchObject({ exitCode: 1, output: expect.stringContaining("layers: 1 violations") });
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it("finds nothing in a clean planted tree", () => {
    expect(checkPlanted({})).toEqual([]);
  });

  it("lets a test, but no source, use what another package offers to tests", () => {
    const offered = { name: "@festina/primitives", exports: { "./testing": { source: "./testing/index.ts" } } };
    const suite = 'import "@festina/primitives/testing";';
    const planted = { "packages/primitives/package.json": offered, "packages/types/test/p.test.ts": suite };
    expect(checkPlanted(planted)).toEqual([]);
    expect(checkPlanted({ ...planted, ...importsOf("types", suite) })).toEqual([
      expect.stringMatching(/^deep-import packages\/types\/src/),
    ]);
  });

  it("reads no import out of comments, strings, regular expressions and templates", () => {
    const source = [
      '// import "@festina/network";',
      '/* import "@festina/network"; */',
      `const a = 'import "@festina/network"';`,
      `const b = \`x \${\`import "@festina/network" \${{ c: "}" }.c}\`} from "@festina/network"\`;`,
      'const d = /["\'`/]/.test(a) ? 4 / 2 : "from";',
      'const e = [/import "@festina\\/network"/];',
    ].join("\n");
    expect(checkPlanted(importsOf("types", source))).toEqual([]);
  });

  it("still sees an import after all of those", () => {
    const source = `const d = /["\`]/;\nconst b = \`\${"\`"}\`;\nimport "@festina/network";`;
    expect(checkPlanted(importsOf("types", source))).toEqual([
      expect.stringMatching(/^upward-import packages\/types\/src\/planted.ts/),
    ]);
  });

  it.each(VIOLATIONS)("reports %s", (_what, code, file, planted) => {
    expect(checkPlanted(planted)).toContainEqual(expect.stringMatching(new RegExp(`^${code} (packages/)?${file}`)));
  });
});
