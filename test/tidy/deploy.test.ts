// What lies in deploy/ and in docs/metrics.md names commands, options and metrics of the program: all of them exist.
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { createProgram } from "../../packages/cli/src/program/createProgram.ts";
import { COUNTERS, GAUGES, HELD, TRAFFIC } from "../../packages/node/src/metrics/metricNames.ts";
import { createNodeMetrics } from "../../packages/node/src/metrics/nodeMetrics.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(resolve(ROOT, file), "utf8");
const OWN = [...Object.keys(GAUGES), ...Object.keys(COUNTERS), ...Object.keys(TRAFFIC), HELD.name].sort();
const METRIC = /\b(?:festina|process|nodejs)_[a-z0-9_]+/g;

const program = createProgram({
  context: { program: "", print: () => undefined, printError: () => undefined },
  finish: () => undefined,
  asJson: false,
});

/** Options of a command, by the words that a line has after the program's file. */
function unknownWords(words: readonly string[]): readonly string[] {
  const command = program.commands.find((each) => each.name() === words[0]);
  if (command === undefined) return [words[0] ?? "nothing"];
  const known = command.options.map(({ long }) => long);
  return words.filter((word) => word.startsWith("--") && !known.includes(word));
}

describe("deploy", () => {
  it("has what the documentation names", () => {
    expect(readdirSync(resolve(ROOT, "deploy")).sort()).toEqual([
      ...["compose.yaml", "festina@.service", "grafana.json", "prometheus.yml"],
    ]);
  });

  it("runs commands that exist, with options that they take", () => {
    const lines = [
      ...[...read("deploy/festina@.service").matchAll(/festina\.mjs (.+)$/gm)].map(([, rest = ""]) => rest.split(" ")),
      ...[...read("deploy/compose.yaml").matchAll(/festina\.mjs", (.+)\]$/gm)].map(
        ([, rest = ""]) => JSON.parse(`[${rest}]`) as string[],
      ),
      ...[...read("deploy/compose.yaml").matchAll(/^#\s+festina (.+)$/gm)].map(([, rest = ""]) => rest.split(" ")),
    ];
    expect(lines.map(([name]) => name)).toEqual(["doctor", "start", "start", "testnet"]);
    for (const words of lines) expect([words.join(" "), unknownWords(words)]).toEqual([words.join(" "), []]);
  });

  it("would notice an option that is not there", () => {
    expect(unknownWords(["start", "--config", "x", "--colour"])).toEqual(["--colour"]);
    expect(unknownWords(["begin"])).toEqual(["begin"]);
  });

  it("has a service per folder that festina testnet writes", () => {
    const compose = read("deploy/compose.yaml");
    const hosts = /--hosts (\S+)/.exec(compose)?.[1]?.split(",");
    expect([...compose.matchAll(/^ {2}(m\w+-\d):$/gm)].map(([, name]) => name)).toEqual(hosts);
    expect([...compose.matchAll(/\.\/net\/(m\w+-\d):/g)].map(([, name]) => name)).toEqual(hosts);
  });

  it("has a dashboard whose every metric a node serves, and every metric of the node is on it", () => {
    const served = createNodeMetrics();
    served.observe(
      () => {
        throw new Error("names alone");
      },
      () => ({}),
      () => [],
    );
    const names = served.names();
    const text = read("deploy/grafana.json");
    expect(() => JSON.parse(text)).not.toThrow();
    const shown = new Set(text.match(METRIC));
    expect([...shown].filter((name) => !names.includes(name))).toEqual([]);
    expect(OWN.filter((name) => !shown.has(name))).toEqual([]);
  });
});

describe("docs/metrics.md", () => {
  it("tells every metric of the node and no other", () => {
    const told = [...read("docs/metrics.md").matchAll(/^\| `(festina_\w+)`/gm)].map(([, name = ""]) => name).sort();
    expect(told).toEqual(OWN);
  });
});
