// Adds up every balance of the state at one block and compares the sum with what the node says the supply is, and that
// with its own parts.
//   node scripts/supply.mjs --rpc http://127.0.0.1:8545 --block 120

import { connectTo, readOptions, runCheck, toQuantity } from "./outside/askNode.mjs";
import { checkSupply } from "./outside/checkSupply.mjs";

const { rpc, block } = readOptions(process.argv.slice(2), "supply.mjs [--rpc URL] [--block N]", {
  rpc: "http://127.0.0.1:8545",
  block: "",
});

await runCheck(async () => {
  const ask = connectTo(rpc);
  const tag = toQuantity(block === "" ? Number(await ask("eth_blockNumber")) : Number(block));
  const { wei, sum, findings } = await checkSupply(ask, tag);
  const lines = [
    `block ${Number(tag)}: genesis ${wei.genesis} + rewards ${wei.rewards} - base fees ${wei.baseFeeBurned}` +
      ` - slashed ${wei.slashBurned} - self-destructed ${wei.selfDestructBurned}`,
    `supply served     ${wei.total} wei`,
    `balances added up ${sum.wei} wei (${sum.accounts} accounts in ${sum.pages} pages)`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  return findings;
});
