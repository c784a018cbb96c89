// The campaign that `npm run campaign -- validator` runs: a stranger becomes a committee member by commands alone.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

const CAMPAIGN = fileURLToPath(new URL("../../scripts/campaign.mjs", import.meta.url));
const TIMEOUT_MS = 360_000;

interface Figures {
  readonly validator: string;
  readonly epoch: number;
  readonly seats: number;
  readonly totalSeats: number;
  readonly certificates: number;
  readonly signed: number;
  readonly role: string;
  readonly doing: string;
  readonly isAtHead: boolean;
}

describe("a validator registered after start", () => {
  const folder = mkdtempSync(join(tmpdir(), "festina-validator-test-"));
  let output = "";
  let figures: Figures;

  beforeAll(async () => {
    const jsonFile = join(folder, "figures.json");
    output = await new Promise((resolve) => {
      execFile(process.execPath, [CAMPAIGN, "validator", "--json", jsonFile], (error, stdout, stderr) =>
        resolve(`${stdout}${stderr}${error === null ? "" : error.message}`),
      );
    });
    figures = JSON.parse(readFileSync(jsonFile, "utf8")) as Figures;
  }, TIMEOUT_MS);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("holds seats in a later committee", () => {
    expect({ output, epoch: figures.epoch, seats: figures.seats }).toEqual({
      output: expect.stringContaining(figures.validator),
      epoch: expect.any(Number),
      seats: expect.any(Number),
    });
    expect(figures.epoch).toBeGreaterThan(0);
    expect(figures.seats).toBeGreaterThan(0);
    expect(figures.seats).toBeLessThan(figures.totalSeats);
  });

  it("signs certificates, and its node follows the head as a member", () => {
    expect(figures.certificates).toBeGreaterThan(10);
    expect(figures.signed).toBeGreaterThan(0);
    expect(figures).toMatchObject({ role: "member", isAtHead: true });
    expect(figures.doing).toMatch(/^voting in view/);
  });
});
