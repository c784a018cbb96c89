import { fileURLToPath } from "node:url";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { CommandContext } from "./commands/context.ts";

/** Commands load on use, so that `--help` answers at once. */
const VERSION = "0.1.0";
const DEVNET_FOLDER = ".festina/devnet";
const MINER_ACCOUNT = ".festina/miner.key";

function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < minimum || value > maximum) {
      throw new InvalidArgumentError(`expected a whole number from ${minimum} to ${maximum}`);
    }
    return value;
  };
}

const ENGINES = ["compiler", "interpreter", "reference"];
const port = wholeNumber(1, 65_535);

const engineOptions = (command: Command): Command =>
  command
    .addOption(new Option("--engine <name>", "what runs contracts (default: compiler)").choices(ENGINES))
    .option("--engine-check", "run everything on a second engine, too, and stop at the first difference");

function addDevnet(program: Command, context: CommandContext, finish: (code: number) => void): void {
  const devnet = engineOptions(program.command("devnet"))
    .description("run a whole network on this machine: committee members and miners as processes")
    .option("--members <n>", "committee members", wholeNumber(1, 16))
    .option("--miners <n>", "miners", wholeNumber(0, 8))
    .option("--data-dir <folder>", "where the network lives", DEVNET_FOLDER)
    .option("--rpc-port <port>", "RPC of the first member; the others follow", port)
    .option("--chain-id <id>", "chain id of a new network", wholeNumber(1, 2 ** 48))
    .option("--snail-seconds <n>", "seconds per snail block: six of them elect a committee", wholeNumber(1, 600))
    .option("--heartbeat-ms <n>", "pause of an idle leader; 0: blocks only on demand", wholeNumber(0, 60_000))
    .addOption(new Option("--suite <name>", "how votes are signed").choices(["bls", "secp256k1", "ed25519"]))
    .addOption(
      new Option("--pow <name>", "proof of work (default: keccak)").choices(["keccak", "truehash", "argon2id"]),
    )
    .option("--fresh", "forget the network that is there and make a new one")
    .action(async (options) => finish(await (await import("./commands/devnet.ts")).runDevnet(context, options)));
  for (const action of ["kill", "restart"] as const) {
    devnet
      .command(action)
      .argument("<process>", "number of a member, or a name such as miner-1")
      .description(action === "kill" ? "kill one process of the running devnet" : "bring a killed process back")
      .action(async (name: string, _options: unknown, command: Command) => {
        const { commandDevnet } = await import("./commands/devnet.ts");
        await commandDevnet(context, action, name, command.optsWithGlobals());
      });
  }
}

const seconds = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && value <= 86_400)) throw new InvalidArgumentError("expected seconds, such as 2 or 0.5");
  return value;
};

function addDev(program: Command, context: CommandContext, finish: (code: number) => void): void {
  program
    .command("dev")
    .description("run a chain for contract development in this process: ten funded accounts, a block per transaction")
    .option("--rpc-port <port>", "where the RPC listens; 0 takes a free one (default: 8545)", wholeNumber(0, 65_535))
    .option("--port <port>", "the same", wholeNumber(0, 65_535))
    .option("--mnemonic <words>", "phrase that the accounts are derived from")
    .option("--accounts <n>", "how many accounts (default: 10)", wholeNumber(0, 1_000))
    .option("--balance <coins>", "what each of them has (default: 10000)", wholeNumber(0, 2 ** 48))
    .option("--chain-id <id>", "chain id (default: 31337)", wholeNumber(1, 2 ** 48))
    .option("--block-time <seconds>", "a block this often, instead of one per transaction", seconds)
    .option("--mixed-mining", "with --block-time: a block per transaction besides")
    .option("--no-mining", "blocks only when asked for")
    .option("--gas-limit <gas>", "of a block (default: 60000000)", wholeNumber(1_000_000, 2 ** 40))
    .option("--code-size-limit-off", "contracts and their init code may be as long as gas can pay for")
    .option("--auto-impersonate", "take transactions in anybody's name, signed or not")
    .option("--timestamp <seconds>", "Unix time at which the chain begins", wholeNumber(0, 253_402_300_799))
    .option("--data-dir <folder>", "keep the chain here, and go on from what is there (default: in memory)")
    .option("--state <file>", "load the state from this file, if it is there, and write it at the end")
    .option("--load-state <file>", "begin with a state that was dumped")
    .option("--dump-state <file>", "write the state at the end")
    .addOption(new Option("--engine <name>", "what runs contracts (default: compiler)").choices(ENGINES))
    .option("--artifacts <folder>", "JSON files with ABIs, so that custom errors are told by name")
    .option("--quiet", "print the accounts and nothing more")
    .option("--json", "print JSON, an object per line")
    .action(async (options) => finish(await (await import("./commands/dev.ts")).runDev(context, options)));
}

function addNode(program: Command, finish: (code: number) => void): void {
  engineOptions(program.command("start"))
    .description("run one node by its configuration file")
    .requiredOption("--config <file>", "configuration file; festina init writes one")
    .option("--supervised", "begin when standard input says something, stop when it ends")
    .action(async (options) => finish(await (await import("./commands/start.ts")).start(options)));
}

function addInit(program: Command, context: CommandContext): void {
  program
    .command("init")
    .description("write the folder of a node that joins a network: chain spec, configuration, node key")
    .requiredOption("--data-dir <folder>", "where the node lives")
    .option("--from <url>", "a node of the network whose RPC gives the chain spec and peers")
    .option("--chain-spec <file>", "the chain spec, when there is no node to ask")
    .option("--spec-hash <hash>", "refuse any other chain spec than this one")
    .option("--peers <list>", "node-id@host:port, more of them after commas")
    .option("--rpc-port <port>", "where the node's own RPC listens", port, 8545)
    .option("--network-port <port>", "where other nodes reach it (default: the RPC port + 22000)", port)
    .option("--validator <folder>", "keys that festina validator keys made")
    .option("--json", "answer in JSON")
    .action(async (options) => (await import("./commands/init.ts")).init(context, options));
}

function addAccounts(program: Command, context: CommandContext): void {
  const account = program
    .command("account")
    .description("keystore files: version 3, as other Ethereum clients use them");
  const withOptions = (command: Command): Command =>
    command
      .option("--keystore <folder>", "where the files are")
      .option("--password-file <file>", "file with the password")
      .option("--json", "answer in JSON");
  const load = () => import("./commands/account.ts");
  withOptions(account.command("new").description("make an account")).action(async (options) =>
    (await load()).createAccount(context, options),
  );
  withOptions(
    account
      .command("import")
      .argument("<file>", "file with 0x and 64 hex digits")
      .description("take over a secret key"),
  ).action(async (file: string, options) => (await load()).importAccount(context, file, options));
  withOptions(account.command("list").description("list accounts")).action(async (options) =>
    (await load()).listAccounts(context, options),
  );
}

function addClients(program: Command, context: CommandContext): void {
  const withRpc = (command: Command): Command =>
    command.option("--rpc <url>", "node to ask (default http://127.0.0.1:8545)").option("--json", "answer in JSON");
  const withSender = (command: Command): Command =>
    withRpc(command)
      .option("--key <file>", "keystore file, or file with the secret key")
      .option("--password-file <file>", "file with the keystore's password")
      .option("--from <address>", "development account that the node signs for (default: its first)");
  withRpc(program.command("status").description("where both chains are and what the node is doing")).action(
    async (options) => (await import("./commands/status.ts")).status(context, options),
  );
  withSender(
    program
      .command("send")
      .argument("<to>")
      .argument("<amount>", "such as 1.5ether or 7wei")
      .description("send coins, and wait until it is final"),
  )
    .option("--data <hex>", "call data")
    .action(async (to: string, amount: string, options) =>
      (await import("./commands/send.ts")).send(context, to, amount, options),
    );
  withSender(
    program
      .command("deploy")
      .argument("<file>", "creation code in hex, or a JSON artifact")
      .description("create a contract"),
  )
    .option("--args <hex>", "constructor arguments, ABI-encoded")
    .option("--value <amount>", "coins for the constructor")
    .action(async (file: string, options) => (await import("./commands/deploy.ts")).deploy(context, file, options));
}

function addHistory(program: Command, context: CommandContext): void {
  const load = () => import("./commands/history.ts");
  program
    .command("export")
    .argument("<file>", "file to write")
    .description("write final blocks of a stopped node into a file")
    .requiredOption("--config <file>", "configuration file of the node")
    .requiredOption("--blocks <range>", "such as 1..50")
    .option("--json", "answer in JSON")
    .action(async (file: string, options) => (await load()).exportBlocks(context, file, options));
  program
    .command("replay")
    .argument("<file>", "file that festina export wrote")
    .description("make the chain again from a file, and compare every hash and root")
    .addOption(new Option("--engine <name>", "what runs contracts (default: compiler)").choices(ENGINES))
    .option("--compile-all", "compile every code before it runs, not only what is hot")
    .option("--json", "answer in JSON")
    .action(async (file: string, options) => (await load()).replayBlocks(context, file, options));
}

function share(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError("expected a number above 0 and up to 1");
  return value;
}

function addMiner(program: Command, context: CommandContext, finish: (code: number) => void): void {
  program
    .command("mine")
    .description("mine against any node's RPC, in a process of its own")
    .option("--payout <address>", "earns what is found")
    .option("--account <file>", "key file of the account that is paid instead; made when missing", MINER_ACCOUNT)
    .option("--support <address>", "validator whose election the fruits support (default: none)")
    .option("--rpc <url>", "node to mine for (default http://127.0.0.1:8545)")
    .option("--threads <n>", "worker threads", wholeNumber(1, 64), 1)
    .option("--cpu-share <share>", "share of a core per thread", share, 1)
    .option("--seconds <n>", "stop after so long (default: at Ctrl-C)", wholeNumber(1, 2 ** 31))
    .option("--json", "one JSON object a line")
    .action(async (options) => finish(await (await import("./commands/mine.ts")).mine(context, options)));
}

function addValidator(program: Command, context: CommandContext): void {
  const validator = program.command("validator").description("keys of a committee member, and its registration");
  const load = () => import("./commands/validator.ts");
  validator
    .command("keys")
    .description("make a signing key and an owner account")
    .requiredOption("--out <folder>", "where the keys go")
    .option("--json", "answer in JSON")
    .action(async (options) => (await load()).createKeys(context, options));
  validator
    .command("register")
    .description("deposit, register the key with its proof, and say ready")
    .requiredOption("--keys <folder>", "folder that festina validator keys made")
    .requiredOption("--deposit <amount>", "such as 2500ether")
    .option("--payout <address>", "where rewards go (default: the owner)")
    .option("--fund-from <address>", "development account that gives the owner the deposit")
    .option("--rpc <url>", "node to ask (default http://127.0.0.1:8545)")
    .option("--json", "answer in JSON")
    .action(async (options) => (await load()).registerValidator(context, options));
  validator
    .command("unjail")
    .description("take part in elections again after too many missed votes")
    .requiredOption("--keys <folder>", "folder that festina validator keys made")
    .option("--rpc <url>", "node to ask (default http://127.0.0.1:8545)")
    .option("--json", "answer in JSON")
    .action(async (options) => (await load()).unjailValidator(context, options));
}

function addSimulate(program: Command, context: CommandContext, finish: (code: number) => void): void {
  program
    .command("simulate")
    .description("run whole networks by seed, with faults and dishonest members, and judge them")
    .option("--seeds <range>", "such as 1..200")
    .option("--seed <s>", "one run", wholeNumber(0, 2 ** 48))
    .option("--nodes <n>", "members (default: 4 to 7, by seed)", wholeNumber(1, 64))
    .addOption(
      new Option("--profile <name>", "what goes wrong")
        .choices(["calm", "rough", "byzantine", "mixed"])
        .default("mixed"),
    )
    .addOption(
      new Option(
        "--byzantine-weight <seats>",
        "what the dishonest hold: up to f seats, or one more, which breaks safety",
      )
        .choices(["f", "f+1"])
        .default("f"),
    )
    .addOption(
      new Option("--level <name>", "core: consensus over stub blocks; node: whole nodes")
        .choices(["core", "node"])
        .default("core"),
    )
    .option("--recovery <case>", "whole nodes whose chain seats another committee by itself; ? lists the cases")
    .option("--explain", "with --seed: who said what and when")
    .option("--html <file>", "with --seed: write a sequence chart into a file")
    .option("--shrink", "with --seed: find a smaller run that fails the same way")
    .option("--json <file>", "write the report into a file")
    .action(async (options) => finish(await (await import("./commands/simulate.ts")).simulate(context, options)));
}

function createProgram(context: CommandContext, finish: (code: number) => void): Command {
  const program = new Command("festina")
    .description("Festina: a proof-of-work snail chain elects a committee, the committee finalises a fast EVM chain")
    .version(VERSION)
    .showHelpAfterError("(add --help for usage)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.print(text.trimEnd()),
      writeErr: (text) => context.printError(text.trimEnd()),
    });
  addDevnet(program, context, finish);
  addDev(program, context, finish);
  addInit(program, context);
  addNode(program, finish);
  addAccounts(program, context);
  addClients(program, context);
  addValidator(program, context);
  addMiner(program, context, finish);
  addHistory(program, context);
  addSimulate(program, context, finish);
  return program;
}

/** Exit codes: 0 done, 1 could not do it, 2 asked wrongly. */
function explain(error: unknown, context: CommandContext): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { code, message, stack, exitCode } = error as {
    code?: unknown;
    message?: string;
    stack?: string;
    exitCode?: unknown;
  };
  if (typeof code === "string" || typeof code === "number") {
    context.printError(`error: ${message} [${code}]`);
    return typeof exitCode === "number" ? exitCode : 1;
  }
  context.printError(`internal error: ${stack ?? String(error)}`);
  return 1;
}

/** Runs one command line; answers with the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const context: CommandContext = {
    // Beside the bundle of this file.
    program: fileURLToPath(new URL("./runMain.cjs", import.meta.url)),
    print: (line) => process.stdout.write(`${line}\n`),
    printError: (line) => process.stderr.write(`${line}\n`),
  };
  let exitCode = 0;
  const program = createProgram(context, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args.length === 0 ? ["--help"] : [...args], { from: "user" });
    return exitCode;
  } catch (error) {
    return explain(error, context);
  }
}
