// Recomputes hash, transactions root, receipts root, bloom and gas of a node's newest blocks with code that is not the
// project's, from the node's JSON answers, and checks that each block names the one before.
//   node scripts/verifyBlocks.mjs --rpc http://127.0.0.1:8545 --blocks 200
import { connectTo, readOptions, runCheck, toQuantity } from "./outside/askNode.mjs";
import { commonOf, recomputeBlock } from "./outside/recomputeBlock.mjs";

const { rpc, blocks } = readOptions(process.argv.slice(2), "verifyBlocks.mjs [--rpc URL] [--blocks N]", {
  rpc: "http://127.0.0.1:8545",
  blocks: "200",
});

await runCheck(async () => {
  const ask = connectTo(rpc);
  const head = Number(await ask("eth_blockNumber"));
  const first = Math.max(0, head - Number(blocks) + 1);
  const common = commonOf(Number(await ask("eth_chainId")));
  const findings = [];
  const transactionTypes = new Map();
  let parentHash = null;
  for (let number = first; number <= head; number++) {
    const { block, differences } = await recomputeBlock(ask, toQuantity(number), common);
    for (const [name, recomputed, served] of differences)
      findings.push(`block ${number}: ${name} is ${recomputed}, served ${served}`);
    if (parentHash !== null && block.parentHash !== parentHash)
      findings.push(`block ${number}: does not follow ${parentHash}`);
    parentHash = block.hash;
    for (const { type } of block.transactions) transactionTypes.set(type, (transactionTypes.get(type) ?? 0) + 1);
  }
  const types = [...transactionTypes].map(([type, count]) => `${count} of type ${type}`).join(", ") || "none";
  process.stdout.write(`${head - first + 1} blocks (${first}..${head}), transactions: ${types}\n`);
  process.stdout.write(`${findings.length} differences\n`);
  return findings;
});
