import { existsSync } from "node:fs";
import { join } from "node:path";
import { ACCOUNTS, type RpcFixture, sampleTransactions, startFixture, TOKEN, word } from "@festina/rpc/testing";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { OpenRpcSchemas } from "./openRpcSchema.ts";
import { vectorsFolder, warnMissingVectors } from "./outsideVectors.ts";

const folder = vectorsFolder();
const schemas = folder !== null && existsSync(join(folder, "openrpc.json")) ? OpenRpcSchemas.ofEthereum(folder) : null;
if (schemas === null) warnMissingVectors("answers against openrpc.json");

let fixture: RpcFixture;

beforeAll(async () => {
  fixture = await startFixture();
  fixture.backend.pooled = [sampleTransactions().feeMarket, sampleTransactions().creation];
});

afterAll(() => fixture.close());

const { legacy, unprotected, accessList, feeMarket, creation, setCode, sponsored } = sampleTransactions();
const alice = ACCOUNTS[0];

(schemas === null ? describe.skip : describe)("answers against the published schema", () => {
  const check = async (method: string, ...params: unknown[]): Promise<readonly string[]> =>
    (schemas as OpenRpcSchemas).complaints(method, await fixture.result(method, ...params));

  it.each<[string, ...unknown[]]>([
    ["eth_chainId"],
    ["eth_blockNumber"],
    ["eth_syncing"],
    ["eth_accounts"],
    ["net_version"],
    ["eth_gasPrice"],
    ["eth_maxPriorityFeePerGas"],
    ["eth_getBlockByNumber", "0x0", true],
    ["eth_getBlockByNumber", "0x2", false],
    ["eth_getBlockByNumber", "0x2", true],
    ["eth_getBlockByNumber", "0x99", true],
    ["eth_getBlockTransactionCountByNumber", "0x2"],
    ["eth_getBlockReceipts", "0x1"],
    ["eth_getBlockReceipts", "0x2"],
    ["eth_getTransactionByHash", legacy.hash],
    ["eth_getTransactionByHash", unprotected.hash],
    ["eth_getTransactionByHash", accessList.hash],
    ["eth_getTransactionByHash", feeMarket.hash],
    ["eth_getTransactionByHash", creation.hash],
    ["eth_getTransactionByHash", setCode.hash],
    ["eth_getTransactionByHash", word("1")],
    ["eth_getTransactionByBlockNumberAndIndex", "0x2", "0x1"],
    ["eth_getTransactionReceipt", legacy.hash],
    ["eth_getTransactionReceipt", feeMarket.hash],
    ["eth_getTransactionReceipt", creation.hash],
    ["eth_getTransactionReceipt", word("1")],
    ["eth_getLogs", { fromBlock: "0x0" }],
    ["eth_newFilter", {}],
    ["eth_newBlockFilter"],
    ["eth_getBalance", alice, "latest"],
    ["eth_getStorageAt", TOKEN, "0x0", "latest"],
    ["eth_getTransactionCount", alice, "latest"],
    ["eth_getCode", TOKEN, "latest"],
    ["eth_getProof", alice, ["0x1", word("2")], "latest"],
    ["eth_call", { to: TOKEN }, "latest"],
    ["eth_estimateGas", { to: TOKEN }],
    ["eth_feeHistory", "0x3", "latest", [10, 90]],
    ["eth_sign", alice, "0x1234"],
    ["eth_sendTransaction", { from: alice, to: TOKEN }],
    ["eth_signTransaction", { from: alice, to: TOKEN }],
    ["eth_signTransaction", { from: alice, to: TOKEN, gasPrice: "0x1" }],
    ["eth_fillTransaction", { from: alice, to: TOKEN }],
    ["eth_simulateV1", { blockStateCalls: [{ calls: [{ from: alice }] }] }],
    ["eth_config"],
    ["eth_capabilities"],
    ["debug_getBadBlocks"],
    ["txpool_contentFrom", alice],
    ["txpool_status"],
    ["txpool_content"],
    ["debug_getRawHeader", "0x1"],
    ["debug_getRawBlock", "0x1"],
    ["debug_getRawReceipts", "0x2"],
    ["debug_getRawTransaction", feeMarket.hash],
  ])("%s %j", async (method, ...params) => {
    expect(await check(method, ...params)).toEqual([]);
  });

  it("complains about what Ethereum does not know: the fields of a sponsored transaction", async () => {
    expect((await check("eth_getTransactionByHash", sponsored.hash)).length).toBeGreaterThan(0);
    expect(await check("eth_getTransactionReceipt", sponsored.hash)).toContain(
      "eth_getTransactionReceipt.payer: not allowed",
    );
  });
});
