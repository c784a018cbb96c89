// Commands that read what is on the chains.
import type { Command } from "commander";
import { type Definition, examples, withRpc } from "./options.ts";

const load = () => import("../commands/readers.ts");

function addFastChain(program: Command, { context }: Definition): void {
  const status = withRpc(
    program.command("status").description("where both chains are and what the node is doing"),
  ).action(async (options) => (await import("../commands/status.ts")).status(context, options));
  examples(status, "status", "status --rpc http://127.0.0.1:8546 --json");
  const peers = withRpc(program.command("peers").description("whom the node is connected to")).action(async (options) =>
    (await import("../commands/peers.ts")).peers(context, options),
  );
  examples(peers, "peers", "peers --json");
  const block = withRpc(
    program
      .command("block")
      .argument("[id]", "number, hash or tag", "latest")
      .description("a block of the fast chain")
      .option("--full", "with its transactions"),
  ).action(async (id: string, options) => (await load()).showBlock(context, id, options));
  examples(block, "block", "block 7 --full", "block finalized --json");
  const balance = withRpc(
    program
      .command("balance")
      .argument("<address>")
      .description("what an account holds, how many transactions it has sent, and whether it is a contract")
      .option("--block <block>", "at a block: a number or a tag", "latest"),
  ).action(async (address: string, options) => (await load()).showBalance(context, address, options));
  examples(balance, "balance 0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266", "balance 0x7099... --block 7 --json");
  const transaction = withRpc(program.command("tx").argument("<hash>").description("a transaction")).action(
    async (hash: string, options) => (await load()).showTransaction(context, hash, options),
  );
  examples(transaction, "tx 0x5c50...", "tx 0x5c50... --json");
  const receipt = withRpc(
    program.command("receipt").argument("<hash>").description("what a transaction has done"),
  ).action(async (hash: string, options) => (await load()).showReceipt(context, hash, options));
  examples(receipt, "receipt 0x5c50...", "receipt 0x5c50... --json");
  const logs = withRpc(
    program
      .command("logs")
      .description("events of contracts")
      .option("--address <address>", "of this contract alone")
      .option("--topic <topics...>", "0x and 64 hex digits each, or any")
      .option("--from-block <block>", "first block", "earliest")
      .option("--to-block <block>", "last block", "latest")
      .option("--abi <file>", "tell events by name"),
  ).action(async (options) => (await load()).showLogs(context, options));
  examples(logs, "logs --address 0x5fbd... --from-block 10 --abi Token.json");
}

function addHybrid(program: Command, { context }: Definition): void {
  const snail = withRpc(
    program
      .command("snail")
      .argument("[id]", "number, hash or latest", "latest")
      .description("a block of the snail chain")
      .option("--fruits", "with its fruits"),
  ).action(async (id: string, options) => (await load()).showSnailBlock(context, id, options));
  examples(snail, "snail", "snail 7 --fruits", "snail latest --json");
  const fruit = withRpc(program.command("fruit").argument("<hash>").description("a fruit")).action(
    async (hash: string, options) => (await load()).showFruit(context, hash, options),
  );
  examples(fruit, "fruit 0x91ab...", "fruit 0x91ab... --json");
  const committee = withRpc(
    program
      .command("committee")
      .argument("[epoch]", "number, or current", "current")
      .description("who sits in the committee"),
  ).action(async (epoch: string, options) => (await load()).showCommittee(context, epoch, options));
  examples(committee, "committee", "committee 3 --json");
}

function addMethods(program: Command, { context }: Definition): void {
  const rpc = withRpc(
    program
      .command("rpc")
      .argument("<method>")
      .argument("[parameters...]", "JSON, or text")
      .description("call any method of the node"),
  ).action(async (method: string, texts: readonly string[], options) =>
    (await load()).callMethod(context, method, texts, options),
  );
  examples(rpc, "rpc eth_getBalance 0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266 latest", "rpc festina_supply latest");
  const attach = withRpc(
    program
      .command("attach")
      .description("a console on a node: each method a function, completed by Tab")
      .option("--exec <code>", "run this, print what it answers, and end"),
  ).action(async (options) => (await import("../commands/attach.ts")).attach(context, options));
  examples(attach, "attach --rpc http://127.0.0.1:8546", 'attach --exec "eth.getBlockByNumber(0, false)"');
}

export function addReaders(program: Command, definition: Definition): void {
  addFastChain(program, definition);
  addHybrid(program, definition);
  addMethods(program, definition);
}
