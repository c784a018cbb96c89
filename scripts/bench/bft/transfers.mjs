// Light load: one transfer at a time, each to the next member, timed from the call to the announcement that its block
// is final at that same member. Then the same with one member dead.
import { bytesToHex, hexToBytes, toAddress } from "@festina/primitives";
import { signTransaction, TRANSACTION_TYPE } from "@festina/types";
import { DevnetUnderTest } from "../../campaigns/devnet/devnetUnderTest.mjs";
import { sleep } from "../../campaigns/devnet/patience.mjs";
import { median, quantile } from "../../statistics.mjs";
import { HeadWatch } from "./headWatch.mjs";

const WARM_UP = 30;
const FINAL_MS_MAX = 30_000;
/** A block later than this has waited for a leader that does not answer: 2 delta are 600 ms. */
const DEAD_VIEW_MS_MIN = 300;
/** So that transfers meet all phases of the idle heartbeat of 1,000 ms. */
const PAUSES_MS = [20, 130, 370, 710];

/** @param {DevnetUnderTest} network */
function signTransfer(network, sender, nonce) {
  const fields = {
    type: TRANSACTION_TYPE.feeMarket,
    chainId: network.spec?.chainId ?? 0n,
    nonce: BigInt(nonce),
    maxFeePerGasWei: 100_000_000_000n,
    maxPriorityFeePerGasWei: 1_000_000_000n,
    gasLimit: 21_000n,
    to: toAddress(hexToBytes(network.accounts[0].address)),
    valueWei: 1n,
    data: new Uint8Array(0),
    accessList: [],
    authorizations: [],
    sponsorship: null,
  };
  return bytesToHex(signTransaction(fields, hexToBytes(sender.secretKey)).encoded);
}

async function timeTransfers(network, watches, count, firstNonce) {
  const sender = network.accounts[1];
  const names = [...watches.keys()];
  const latencies = [];
  for (let index = 0; index < count; index++) {
    const name = names[index % names.length];
    const encoded = signTransfer(network, sender, firstNonce + index);
    const final = watches.get(name).nextWithTransaction(FINAL_MS_MAX);
    const startedMs = performance.now();
    await network.rpc(name)("eth_sendRawTransaction", encoded);
    latencies.push((await final).atMs - startedMs);
    await sleep(PAUSES_MS[index % PAUSES_MS.length]);
  }
  return latencies;
}

const summarise = (latencies) => ({
  transfers: latencies.length,
  p50Ms: median(latencies),
  p90Ms: quantile(latencies, 0.9),
  p99Ms: quantile(latencies, 0.99),
});

export async function measureTransfers(dataDir, { transfers, suite, rpcPort }) {
  const network = new DevnetUnderTest(dataDir, ["--miners", "0", "--suite", suite]);
  const watches = new Map();
  try {
    await network.start(rpcPort);
    for (const name of network.members) {
      const watch = new HeadWatch();
      const port = network.placed.find((placed) => placed.name === name)?.rpcPort;
      await watch.open(`http://127.0.0.1:${port}`);
      watches.set(name, watch);
    }
    await timeTransfers(network, watches, WARM_UP, 0);
    const light = await timeTransfers(network, watches, transfers, WARM_UP);
    const dead = network.members.at(-1);
    watches.get(dead).close();
    watches.delete(dead);
    await network.kill([dead]);
    const withDead = await timeTransfers(network, watches, transfers, WARM_UP + transfers);
    const outside = withDead.filter((ms) => ms < DEAD_VIEW_MS_MIN);
    const inDeadView = withDead.filter((ms) => ms >= DEAD_VIEW_MS_MIN);
    return {
      light: summarise(light),
      oneDead: {
        ...summarise(outside),
        ratio: median(outside) / median(light),
        inDeadView: inDeadView.length,
        deadViewMs: median(inDeadView) - median(outside),
        deadViewMsMax: Math.max(...inDeadView) - median(outside),
      },
    };
  } finally {
    for (const watch of watches.values()) watch.close();
    await network.stop();
  }
}
