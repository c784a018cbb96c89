// Jest as native ESM. Sources of the packages are read directly, through the exports condition "source", so a test
// never sees a stale build.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

export default {
  testEnvironment: "node",
  testEnvironmentOptions: { customExportConditions: ["source", "node", "node-addons"] },
  extensionsToTreatAsEsm: [".ts"],
  testMatch: ["<rootDir>/packages/*/test/**/*.test.ts", "<rootDir>/test/**/*.test.ts"],
  modulePathIgnorePatterns: ["/dist/"],
  watchPathIgnorePatterns: ["/dist/", "/node_modules/"],
  cacheDirectory: "<rootDir>/node_modules/.cache/jest",
  transform: {
    "\\.ts$": [
      require.resolve("@swc/jest"),
      {
        jsc: { parser: { syntax: "typescript" }, target: "es2023" },
        module: { type: "es6" },
        sourceMaps: "inline",
        swcrc: false,
      },
    ],
  },
  testTimeout: 20_000,
};
