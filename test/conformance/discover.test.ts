import { ACCOUNTS, FRUIT, type RpcFixture, sampleTransactions, startFixture, TOKEN, word } from "@festina/rpc/testing";
import { hashFruit } from "@festina/types";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type OpenRpc, OpenRpcSchemas } from "./openRpcSchema.ts";

const { feeMarket, creation } = sampleTransactions();
const alice = ACCOUNTS[0];
let fixture: RpcFixture;
let schemas: OpenRpcSchemas;

beforeAll(async () => {
  fixture = await startFixture();
  fixture.backend.pooled = [feeMarket, creation];
  schemas = new OpenRpcSchemas((await fixture.result("rpc.discover")) as OpenRpc);
});

afterAll(() => fixture.close());

/** What a node answers to each, against its own description. */
const SAMPLES: readonly (readonly [string, ...unknown[]])[] = [
  ["eth_getBlockByNumber", "0x2", true],
  ["eth_getBlockByNumber", "pending", false],
  ["eth_getTransactionReceipt", feeMarket.hash],
  ["eth_getTransactionByHash", creation.hash],
  ["eth_getLogs", { fromBlock: "0x0" }],
  ["eth_getProof", alice, ["0x1"], "latest"],
  ["eth_createAccessList", { to: TOKEN }],
  ["eth_simulateV1", { blockStateCalls: [{ calls: [{}] }] }],
  ["eth_signTransaction", { from: alice, to: TOKEN }],
  ["eth_feeHistory", "0x2", "latest", [50]],
  ["eth_config"],
  ["eth_capabilities"],
  ["txpool_content"],
  ["txpool_contentFrom", alice],
  ["txpool_inspect"],
  ["rpc_modules"],
  ["rpc.discover"],
  ["debug_accountRange", "latest"],
  ["debug_traceBlockByNumber", "0x1"],
  ["trace_block", "0x1"],
  ["trace_transaction", feeMarket.hash],
  ["trace_call", { to: TOKEN }, ["trace", "stateDiff"]],
  ["trace_callMany", [[{ to: TOKEN }, ["trace"]]]],
  ["trace_replayBlockTransactions", "0x1", ["stateDiff"]],
  ["trace_filter", { fromBlock: "0x1" }],
  ["ots_getApiLevel"],
  ["ots_getBlockDetails", "0x1"],
  ["ots_getBlockTransactions", "0x1", "0x0", "0x5"],
  ["ots_searchTransactionsBefore", alice, "0x0", "0x5"],
  ["ots_traceTransaction", feeMarket.hash],
  ["ots_getTransactionError", feeMarket.hash],
  ["ots_getInternalOperations", feeMarket.hash],
  ["erigon_getHeaderByNumber", "0x1"],
  ["snail_blockNumber"],
  ["snail_getBlockByNumber", "0x1", true],
  ["snail_getBlockByNumber", "latest"],
  ["fruit_getByHash", hashFruit(FRUIT)],
  ["snail_getWork", alice],
  ["snail_submitWork", "w1", "0x0"],
  ["snail_getPowSample", word("da7a")],
  ["snail_getRewards", alice, "earliest", "latest"],
  ["snail_getBlockRewards", "0x1"],
  ["snail_expectedReward", "0x64"],
  ["committee_get"],
  ["committee_explain", "0x1", true],
  ["committee_getCertificate", "0x1"],
  ["committee_getElection"],
  ["fruit_getWaiting", "0x5"],
  ["committee_getEvidence"],
  ["festina_status"],
  ["festina_engine"],
  ["festina_invitation"],
  ["festina_finality", "0x1"],
  ["festina_supply", "0x1"],
  ["festina_requests", "0x1"],
];

describe("answers against the node's own description", () => {
  it.each(SAMPLES)("%s %j", async (method, ...params) => {
    expect(schemas.complaints(method, await fixture.result(method, ...params))).toEqual([]);
  });
});
