// The page as people use it, in Chromium, over a running network and over a development chain. It takes a minute, most of
// it until the proof of work has buried the first block.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RpcClient } from "@festina/rpc";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { findChromium, launchChromium, openWatchedPage, seriousFindings, type WatchedPage } from "./browser.ts";
import { compileToken } from "./compileToken.ts";
import { type DevnetProcess, startDevnet } from "./devnetProcess.ts";
import { type DevProcess, startDevProcess } from "./devProcess.ts";
import { waitFor } from "./waitFor.ts";

const chromium = findChromium();
if (chromium === null)
  process.stderr.write("SKIPPED: the page in a browser; no chromium on the PATH, nor at CHROMIUM_PATH\n");

const PHONE = { width: 390, height: 800 };
const DESKTOP = { width: 1280, height: 860 };
const PICTURED: readonly string[] = ["overview", "tx", "committee"];
/** Where pictures go when somebody wants them: `PAGE_PICTURES=docs/images`. */
const PICTURES = process.env["PAGE_PICTURES"] ?? null;

async function show(page: Page, view: string): Promise<void> {
  await page.evaluate(`location.hash = "#/${view}"`);
  await waitUntil(page, "document.querySelector('h1') !== null && !document.body.innerText.includes('Reading …')");
}

/** Asked from outside: the page's policy allows no code made of text inside. */
function waitUntil(page: Page, condition: string): Promise<true> {
  return waitFor(condition, 20_000, async () => ((await page.evaluate(condition)) === true ? true : null));
}

interface PackedBlock {
  readonly hash: string;
  readonly payout: string;
  readonly fruits: readonly { readonly hash: string }[];
}

async function reachesSnailBlock(rpc: RpcClient, number: number): Promise<true | null> {
  return Number(await rpc.call<string>("snail_blockNumber")) >= number ? true : null;
}

async function firstWithFruits(rpc: RpcClient): Promise<PackedBlock | null> {
  const head = Number(await rpc.call<string>("snail_blockNumber"));
  for (let number = 1; number <= head; number++) {
    const block = await rpc.call<PackedBlock>("snail_getBlockByNumber", [`0x${number.toString(16)}`, true]);
    if (block.fruits.length > 0) return block;
  }
  return null;
}

async function takePicture(page: Page, name: string): Promise<void> {
  if (PICTURES === null) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.jpg`), type: "jpeg", quality: 26 });
}

(chromium === null ? describe.skip : describe)("the page over a devnet", () => {
  let browser: Browser;
  let devnet: DevnetProcess;
  let watched: WatchedPage;
  let sent: string;
  let page: Page;

  beforeAll(async () => {
    [browser, devnet] = await Promise.all([launchChromium(chromium ?? ""), startDevnet()]);
    const [from = "", to = ""] = await devnet.rpc().call<string[]>("eth_accounts");
    sent = await devnet.rpc().call<string>("eth_sendTransaction", [{ from, to, value: "0xde0b6b3a7640000" }]);
    watched = await openWatchedPage(browser, devnet.url(), { viewport: DESKTOP, reducedMotion: "reduce" });
    page = watched.page;
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await devnet?.stop();
  }, 60_000);

  it("shows both chains move", async () => {
    await page.locator(".dot.live").waitFor();
    const head = page.locator(".figures li", { hasText: "Block" }).first().locator("strong");
    const before = Number(await head.textContent());
    await waitUntil(page, `Number(document.querySelector(".figures strong").innerText) > ${before + 1}`);
    await waitFor("two snail blocks", 120_000, () => reachesSnailBlock(devnet.rpc(), 2));
    await page.locator(".fruits circle").first().waitFor({ timeout: 30_000 });
    await page.locator(".anchors path").nth(1).waitFor({ timeout: 30_000 });
    expect(await page.locator(".seats li").count()).toBe(4);
    expect(await page.locator(".chart canvas").count()).toBe(6);
  }, 220_000);

  it("follows a transaction, found by its hash, to its anchor", async () => {
    await page.getByRole("searchbox").fill(sent);
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByText("succeeded").waitFor();
    expect(await page.locator("main").textContent()).toContain("1 coin");
    await page.getByRole("heading", { name: "Anchored", exact: true }).waitFor({ timeout: 90_000 });
    const grades = await page.locator(".grades").textContent();
    expect(grades).toMatch(/By \d members with \d+ of 100 seats/);
    expect(grades).toMatch(/In snail block \d+, with [1-9]\d* above it/);
    // Of a block without fruits, too, if that is the one.
    await page.locator(".grades a[href^='#/snail/']").first().click();
    await page.getByRole("heading", { name: /^Snail block \d+$/ }).waitFor();
  }, 100_000);

  it("has pages of its lists in the address, and hashes that can be copied", async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await show(page, "blocks/0");
    await page.getByText(/^0 to 0 of /).waitFor();
    await page.getByRole("link", { name: "Newer" }).click();
    await page.waitForURL(/#\/blocks(\/25)?$/);
    await page.goBack();
    await page.getByText(/^0 to 0 of /).waitFor();
    await show(page, `tx/${sent}`);
    await page.getByRole("button", { name: "Copy hash" }).first().click();
    await page.getByText("copied", { exact: true }).waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(sent);
    expect(await page.title()).toBe(`Transaction ${sent.slice(0, 8)}…${sent.slice(-6)} – Festina`);
  }, 30_000);

  it("has real data, names and contrast in every view, on desktop and phone", async () => {
    const rpc = devnet.rpc();
    const committee = await rpc.call<{ members: { address: string }[] }>("committee_get", ["current"]);
    const snail = await waitFor("a snail block with fruits", 60_000, () => firstWithFruits(rpc));
    const receipt = await rpc.call<{ blockHash: string; from: string }>("eth_getTransactionReceipt", [sent]);
    const views: readonly (readonly [string, RegExp])[] = [
      ["", /Charts/],
      ["blocks", /Older/],
      [`block/${receipt.blockHash}`, /Transactions: 1/],
      [`tx/${sent}`, /CALL/],
      [`account/${receipt.from}`, /9,99\d\.\d+… coins[\s\S]*out/],
      ["snails", /Fruits in the pool/],
      [`snail/${snail.hash}`, /Paid by block|Due, not paid yet/],
      [`fruit/${snail.fruits[0]?.hash}`, /packed in snail block \d+/],
      ["committee", /Votes of the last blocks[\s\S]*Next election: epoch \d+[\s\S]*Window: snail blocks \d+ to \d+/],
      [`validator/${committee.members[0]?.address}`, /Voting key[\s\S]*Seats by epoch/],
      [`miners/${snail.payout}`, /coins paid[\s\S]*In an hour, at that rate/],
      ["contract", /development account 0/],
      [`token/${receipt.from}`, /does not answer as a token/],
      ["search/nothing", /knows no block/],
      ["block/99999999", /not there yet: the newest is \d+/],
      ["fruit/nonsense", /asked for by their hash/],
      ["account/0x12", /asked for by their address/],
      ["block/latest", /Points to snail block/],
    ];
    for (const [size, name] of [
      [DESKTOP, "desktop"],
      [PHONE, "phone"],
    ] as const) {
      await page.setViewportSize(size);
      for (const [view, expected] of views) {
        await show(page, view);
        await waitUntil(page, `new RegExp(${JSON.stringify(expected.source)}).test(document.body.innerText)`);
        const kind = view.split("/")[0] || "overview";
        // Axe takes half a second; on the phone it looks at what is laid out anew there.
        if (name === "desktop" || PICTURED.includes(kind))
          expect([view, await seriousFindings(page)]).toEqual([view, []]);
        expect([view, await page.evaluate("document.documentElement.scrollWidth - innerWidth")]).toEqual([view, 0]);
        if (PICTURED.includes(kind)) await takePicture(page, `${kind}-${name}`);
      }
    }
    // In the other colours contrast is another matter.
    await page.getByLabel("Colours").selectOption("dark");
    for (const view of ["", "committee", `tx/${sent}`]) {
      await show(page, view);
      expect([view, await seriousFindings(page)]).toEqual([view, []]);
    }
    await takePicture(page, "tx-phone-dark");
    expect(watched.complaints).toEqual([]);
  }, 100_000);
});

(chromium === null ? describe.skip : describe)("the page over a development chain", () => {
  const folder = mkdtempSync(join(tmpdir(), "festina-page-"));
  /** Says so when somebody takes the name for markup. */
  const NAME = "<img src=x onerror=\"document.title='taken for markup'\">";
  let browser: Browser;
  let dev: DevProcess;
  let watched: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    [browser, dev] = await Promise.all([launchChromium(chromium ?? ""), startDevProcess()]);
    writeFileSync(join(folder, "Token.json"), JSON.stringify({ contractName: "Token", ...compileToken() }));
    watched = await openWatchedPage(browser, dev.url, { viewport: DESKTOP });
    page = watched.page;
  }, 90_000);

  afterAll(async () => {
    await browser?.close();
    await dev?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  it("deploys a contract, reads it, writes it, and shows its token", async () => {
    await show(page, "contract");
    await page.getByLabel("ABI or artifact file").setInputFiles(join(folder, "Token.json"));
    await page.getByLabel("name: string").fill(NAME);
    await page.getByLabel("supply: uint256").fill("-1");
    await page.getByRole("button", { name: "Deploy" }).click();
    await page.getByText("supply: -1 does not fit uint256").waitFor();
    await page.getByLabel("supply: uint256").fill("5000000000000000000");
    await page.getByRole("button", { name: "Deploy" }).click();
    await page.locator("a.deployed").click();

    await page.getByText("name()", { exact: true }).click();
    await page.getByRole("button", { name: "Read name" }).click();
    await page.locator(".worded code", { hasText: "<img src=x" }).waitFor();
    const [, to = ""] = (await page.evaluate(
      `fetch("/", { method: "POST", headers: { "content-type": "application/json" }, body: '{"jsonrpc":"2.0","id":1,"method":"eth_accounts"}' }).then((r) => r.json()).then((a) => a.result)`,
    )) as string[];
    await page.getByText("transfer(address,uint256)").click();
    const form = page.locator("details", { hasText: "transfer(address,uint256)" });
    await form.getByLabel("to: address").fill(to);
    await form.getByLabel("value: uint256").fill("9000000000000000000");
    await form.getByRole("button", { name: "Send transfer" }).click();
    await form.getByText("ERC20InsufficientBalance").waitFor();
    await form.getByLabel("value: uint256").fill("2000000000000000000");
    await form.getByRole("button", { name: "Send transfer" }).click();
    await form.getByText("Succeeded").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await takePicture(page, "contract-desktop");

    await form.getByRole("link").click();
    await page.getByText("Logs: 1").waitFor();
    expect(await page.locator(".logs").textContent()).toContain("Transfer(address,address,uint256)");
    await page.locator(".logs a").first().click();
    await page.getByRole("link", { name: /TKN/ }).first().click();
    await page.getByText("Holders").first().waitFor();
    // From a view without holders, so that those waited for are what the search has found.
    await show(page, "blocks");
    await page.getByText("Holders").first().waitFor({ state: "detached" });
    await page.getByRole("searchbox").fill("tkn");
    await page.getByRole("searchbox").press("Enter");
    await page.getByText("Holders").first().waitFor();
    const shown = await page.locator("main").textContent();
    expect(shown).toContain(NAME);
    expect(shown).toMatch(/2 TKN/);
    expect(shown).toMatch(/3 TKN/);
    expect(await page.title()).not.toContain("taken for markup");
    expect(await seriousFindings(page)).toEqual([]);
  }, 60_000);

  it("writes through a wallet of the browser", async () => {
    const context = await browser.newContext({ viewport: PHONE });
    // A wallet that lets the node sign.
    await context.addInitScript(`globalThis.ethereum = { request: async ({ method, params = [] }) => {
      const asked = method === "eth_requestAccounts" ? "eth_accounts" : method;
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: asked, params });
      const answer = await (await fetch("/", { method: "POST", headers: { "content-type": "application/json" }, body })).json();
      if (answer.error) throw new Error(answer.error.message);
      return method === "eth_requestAccounts" ? [answer.result[3]] : answer.result;
    } };`);
    const tab = await context.newPage();
    await tab.goto(`${dev.url}/#/contract`);
    await tab.getByRole("button", { name: "Connect wallet" }).click();
    await tab.locator("option", { hasText: "wallet 0x90f79b" }).waitFor({ state: "attached" });
    // Solidity, compiled by the node; its import of a file of the machine is refused.
    await tab.getByLabel("or its text").fill('import "/etc/hostname"; contract A {}');
    await tab.getByRole("button", { name: "Use it" }).click();
    await tab.getByText("only packages can be imported here").waitFor();
    const source =
      "// SPDX-License-Identifier: MIT\npragma solidity ^0.8.24; contract Box { uint256 public held; constructor(uint256 first) payable { held = first; } }";
    await tab.getByLabel("or its text").fill(source);
    await tab.getByRole("button", { name: "Use it" }).click();
    await tab.getByLabel("first: uint256").fill("0x2a");
    await tab.getByRole("button", { name: "Deploy" }).click();
    await tab.locator("a.deployed").waitFor();
    await context.close();
  }, 30_000);

  it("is there for the keyboard, and says when the node is gone", async () => {
    await show(page, "blocks");
    await page.evaluate("document.activeElement.blur()");
    await page.reload();
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.innerText")).toBe("Skip to content");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("content");
    await page.locator(".dot.live").waitFor();
    expect(watched.complaints.filter((complaint) => !/40[04]/.test(complaint))).toEqual([]);
    await show(page, "block/0");
    await dev.stop();
    await page.getByText("not connected, trying again").waitFor();
    await page.getByText("has not answered since").waitFor();
    // What was there stays; what is not gets there by itself when a node is back, here with another chain.
    const genesis = await page.locator("main code").first().textContent();
    await page.evaluate(`location.hash = "#/blocks/0"`);
    await page.getByText("the node cannot be reached").waitFor();
    dev = await startDevProcess(["--port", new URL(dev.url).port]);
    await page.getByText("0 to 0 of 0").waitFor();
    await page.locator(".dot.live").waitFor();
    await show(page, "block/0");
    await page.locator("main").getByText("This block has none.").waitFor();
    expect(await page.locator("main code").first().textContent()).not.toBe(genesis);
    expect(await page.locator(".silence").count()).toBe(0);
  }, 60_000);
});
