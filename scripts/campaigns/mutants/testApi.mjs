// What unit tests import from Jest, for running many thousand times in one process: tests are collected, not run.
import { expect } from "expect";

/** @type {{ readonly name: string, readonly run: () => unknown }[]} */
export const tests = [];
/** @type {string[]} */
const path = [];

export function describe(name, body) {
  path.push(name);
  body();
  path.pop();
}

export function it(name, run) {
  tests.push({ name: [...path, name].join(" > "), run });
}

/** Rows are lists of arguments, or single ones. */
it.each = (rows) => (name, run) => {
  rows.forEach((row, index) => {
    it(`${name} (${index})`, () => (Array.isArray(row) ? run(...row) : run(row)));
  });
};

export { expect };
