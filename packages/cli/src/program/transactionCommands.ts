// Commands that send, and those that ask contracts: festina send, deploy, call, contract.
import type { Command } from "commander";
import { collect, type Definition, examples, withRpc, withSender } from "./options.ts";

const VALUE = ["--value <amount>", "coins to give along, such as 0.1ether"] as const;

function addSend(program: Command, { context }: Definition): void {
  const send = withSender(
    program
      .command("send")
      .argument("<to>")
      .argument("<amount>", "such as 1.5ether or 7wei")
      .description("send coins, and wait until it is final"),
  )
    .option("--data <hex>", "call data")
    .action(async (to: string, amount: string, options) =>
      (await import("../commands/send.ts")).send(context, to, amount, options),
    );
  examples(
    send,
    "send 0x70997970c51812dc3a010c7d01b50e0d17dc79c8 1.5ether",
    "send 0x70997970c51812dc3a010c7d01b50e0d17dc79c8 20gwei --key owner.key --json",
  );
}

function addDeploy(program: Command, { context }: Definition): void {
  const deploy = withSender(
    program
      .command("deploy")
      .argument("<file>", "Solidity (.sol), a JSON artifact, or creation code in hex")
      .argument("[arguments...]", "of the constructor")
      .description("compile and create a contract"),
  )
    .option(
      "--contract <name>",
      "which contract of a Solidity file (default: its only one, else the one called like the file)",
    )
    .option("--library <name=address>", "address of a library that it calls; once for each", collect)
    .option("--args <hex>", "constructor arguments, ABI-encoded")
    .option("--value <amount>", "coins for the constructor")
    .action(async (file: string, texts: readonly string[], options) =>
      (await import("../commands/deploy.ts")).deploy(context, file, texts, options),
    );
  examples(
    deploy,
    "deploy Counter.sol 7",
    "deploy Market.sol --contract Market --library Prices=0x5fbd...",
    "deploy out/Token.sol/Token.json Coin COIN 1000ether --from 0xf39f...",
  );
}

function addCalls(program: Command, { context }: Definition): void {
  const load = () => import("../commands/contract.ts");
  const call = withRpc(
    program
      .command("call")
      .argument("<to>", "address of the contract")
      .argument("[signature]", 'such as "balanceOf(address) returns (uint256)"')
      .argument("[arguments...]", "of the function")
      .description("ask a contract, without a transaction"),
  )
    .option("--data <hex>", "call data, instead of a signature")
    .option("--from <address>", "in whose name")
    .option(...VALUE)
    .option("--block <block>", "at a block: a number or a tag (default: latest)")
    .action(async (to: string, signature: string | undefined, texts: readonly string[], options) =>
      (await load()).call(context, to, signature, texts, options),
    );
  examples(call, 'call 0x5fbd... "balanceOf(address) returns (uint256)" 0xf39f...', "call 0x5fbd... --data 0x06661abd");

  const contract = program.command("contract").description("functions of a contract by its ABI");
  const withContract = (command: Command): Command =>
    command
      .argument("<address>")
      .argument("<function>", "name, or name and types where there are several")
      .argument("[arguments...]")
      .requiredOption("--abi <file>", "ABI, or an artifact that holds it")
      .option(...VALUE);
  const asked = withRpc(withContract(contract.command("call").description("ask it")))
    .option("--from <address>", "in whose name")
    .option("--block <block>", "at a block: a number or a tag (default: latest)")
    .action(async (to: string, name: string, texts: readonly string[], options) =>
      (await load()).callContract(context, to, name, texts, options),
    );
  examples(
    asked,
    "contract call 0x5fbd... balanceOf 0xf39f... --abi Token.json",
    'contract call 0x5fbd... "get(uint256,bool)" 7 true --abi Store.json --block 12',
  );
  const sent = withSender(
    withContract(contract.command("send").description("send it a transaction, and wait until it is final")),
  ).action(async (to: string, name: string, texts: readonly string[], options) =>
    (await load()).sendToContract(context, to, name, texts, options),
  );
  examples(
    sent,
    "contract send 0x5fbd... transfer 0x7099... 1.5ether --abi Token.json",
    `contract send 0x5fbd... add '[{"by":10,"twice":true}]' --abi Counter.json --value 1gwei`,
  );
  examples(
    contract,
    "contract call 0x5fbd... balanceOf 0xf39f... --abi Token.json",
    "contract send 0x5fbd... transfer 0x7099... 1.5ether --abi Token.json",
  );
}

export function addTransactions(program: Command, definition: Definition): void {
  addSend(program, definition);
  addDeploy(program, definition);
  addCalls(program, definition);
}
