// What unit tests import from Jest, for running many thousand times in one process: tests are collected, not run.
import { expect } from "expect";

/** @type {{ readonly name: string, readonly run: () => unknown }[]} */
export const tests = [];
/** @type {string[]} */
const path = [];
/**
 * What runs before each test, a list for each `describe` that is open.
 *
 * @type {(() => unknown)[][]}
 */
const preparations = [[]];

export function describe(name, body) {
  path.push(name);
  preparations.push([]);
  body();
  preparations.pop();
  path.pop();
}

export function beforeEach(prepare) {
  preparations.at(-1)?.push(prepare);
}

export function it(name, run) {
  const prepared = preparations.flat();
  const runPrepared = async () => {
    for (const prepare of prepared) await prepare();
    await run();
  };
  tests.push({ name: [...path, name].join(" > "), run: prepared.length === 0 ? run : runPrepared });
}

/** Rows are lists of arguments, or single ones. */
it.each = (rows) => (name, run) => {
  rows.forEach((row, index) => {
    it(`${name} (${index})`, () => (Array.isArray(row) ? run(...row) : run(row)));
  });
};

export { expect };
