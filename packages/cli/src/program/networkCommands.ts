// Commands that run a chain: festina devnet, dev, start, init.
import { DEFAULT_SIGNATURE_SUITE, SIGNATURE_SUITES } from "@festina/chainspec";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { InitOptions } from "../commands/init.ts";
import { CliError } from "../output/cliError.ts";
import {
  anyPort,
  type Definition,
  ENGINES,
  engineOptions,
  examples,
  port,
  seconds,
  wholeNumber,
  withCors,
  withIpc,
} from "./options.ts";

const DEVNET_FOLDER = ".festina/devnet";
const NETWORK_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;
const networkName = (text: string): string => {
  if (NETWORK_NAME.test(text)) return text;
  throw new InvalidArgumentError("expected small letters, digits and hyphens, at most 64.");
};
const chainId = wholeNumber(1, 2 ** 48);

/** What a new network chooses for life. */
const withPace = (command: Command): Command =>
  command
    .option("--snail-seconds <n>", "seconds per snail block: six of them elect a committee", wholeNumber(1, 600))
    .option("--heartbeat-ms <n>", "pause of an idle leader; 0: blocks only on demand", wholeNumber(0, 60_000))
    .option("--unbonding-seconds <n>", "lock of the deposit of who left (default: 600)", wholeNumber(1, 86_400))
    .addOption(
      new Option("--suite <name>", `how votes are signed (default: ${DEFAULT_SIGNATURE_SUITE})`).choices(
        SIGNATURE_SUITES,
      ),
    )
    .addOption(
      new Option("--pow <name>", "proof of work (default: keccak)").choices(["keccak", "truehash", "argon2id"]),
    );

function addDevnet(program: Command, { context, finish }: Definition): void {
  const devnet = withCors(withPace(engineOptions(program.command("devnet"))))
    .description("run a whole network on this machine: committee members and miners as processes")
    .option("--members <n>", "committee members", wholeNumber(1, 16))
    .option("--miners <n>", "miners", wholeNumber(0, 8))
    .option("--data-dir <folder>", "where the network lives", DEVNET_FOLDER)
    .option("--rpc-port <port>", "RPC of the first member; the others follow", port)
    .option("--chain-id <id>", "chain id of a new network", chainId)
    .option("--fresh", "forget the network that is there and make a new one")
    .action(async (options) => finish(await (await import("../commands/devnet.ts")).runDevnet(context, options)));
  for (const action of ["kill", "restart"] as const) {
    const told = devnet
      .command(action)
      .argument("<process>", "number of a member, or a name such as miner-1")
      .description(action === "kill" ? "kill one process of the running devnet" : "bring a killed process back")
      .action(async (name: string, _options: unknown, command: Command) => {
        const { commandDevnet } = await import("../commands/devnet.ts");
        await commandDevnet(context, action, name, command.optsWithGlobals());
      });
    examples(told, `devnet ${action} 2`, `devnet ${action} miner-1`);
  }
  examples(devnet, "devnet", "devnet --fresh --members 7 --miners 2", "devnet --rpc-port 9545 --data-dir other-net");
}

function addTestnet(program: Command, { context }: Definition): void {
  const testnet = withPace(program.command("testnet"))
    .description("write the folders of a network for machines of their own, one per member and miner")
    .requiredOption("--out <folder>", "where the folders go")
    .option("--members <n>", "committee members", wholeNumber(1, 64), 4)
    .option("--miners <n>", "miners", wholeNumber(0, 64), 1)
    .option("--hosts <list>", "host of each process after commas, members first; the last for the rest", "127.0.0.1")
    .option("--rpc-port <port>", "RPC on each host; more processes on one host take the next ones", port, 8545)
    .option("--network-port <port>", "where others reach it, likewise", port, 30_545)
    .option("--chain-id <id>", "chain id", chainId, 19_331)
    .option("--name <name>", "what the network is called", networkName, "testnet")
    .option("--fund <list>", "accounts with 10,000 coins each, after commas (default: the development accounts)")
    .option("--password-file <file>", "file with the seat keys' password (default: FESTINA_PASSWORD, else asked for)")
    .option("--json", "answer in JSON")
    .action(async (options) => (await import("../commands/testnet.ts")).makeTestnet(context, options));
  examples(testnet, "testnet --out net --hosts 10.0.0.1,10.0.0.2,10.0.0.3,10.0.0.4 --fund 0xf39f...");
}

function addDev(program: Command, { context, finish }: Definition): void {
  const dev = withIpc(withCors(program.command("dev")))
    .description("run a chain for contract development in this process: ten funded accounts, a block per transaction")
    .option("--rpc-port <port>", "where the RPC listens; 0 takes a free one (default: 8545)", anyPort)
    .option("--port <port>", "the same", anyPort)
    .option("--mnemonic <words>", "phrase that the accounts are derived from")
    .option("--accounts <n>", "how many accounts (default: 10)", wholeNumber(0, 1_000))
    .option("--balance <coins>", "what each of them has (default: 10000)", wholeNumber(0, 2 ** 48))
    .option("--chain-id <id>", "chain id (default: 31337; of a fork: the forked chain's)", wholeNumber(1, 2 ** 48))
    .option("--block-time <seconds>", "a block this often, instead of one per transaction", seconds)
    .option("--mixed-mining", "with --block-time: a block per transaction besides")
    .option("--no-mining", "blocks only when asked for")
    .option("--gas-limit <gas>", "of a block (default: 60000000)", wholeNumber(1_000_000, 2 ** 40))
    .option("--code-size-limit-off", "contracts and their init code may be as long as gas can pay for")
    .option("--tx-gas-limit", "no transaction may ask for more than 16,777,216 gas, as on other networks (EIP-7825)")
    .option("--auto-impersonate", "take transactions in anybody's name, signed or not")
    .option("--timestamp <seconds>", "Unix time at which the chain begins", wholeNumber(0, 253_402_300_799))
    .option(
      "--genesis <file>",
      "begin with the accounts of a genesis file as geth has them; its chain id, time, gas limit and base fee hold where no option says otherwise",
    )
    .option("--fork-url <url>", "go on from the newest block of the chain at this RPC: its accounts, code and storage")
    .option("--fork-block-number <n>", "go on from this block of it", wholeNumber(0, 2 ** 48))
    .option(
      "--allow-same-timestamp",
      "blocks may share a second (default: each is later than its parent by one at least)",
    )
    .option(
      "--throw-on-transaction-failures",
      "answer a send whose transaction fails in its block with an error, as Hardhat's own node does",
    )
    .option("--data-dir <folder>", "keep the chain here, and go on from what is there (default: in memory)")
    .option("--state <file>", "load the state from this file, if it is there, and write it at the end")
    .option("--load-state <file>", "begin with a state that was dumped, or with the accounts of one that anvil saved")
    .option("--dump-state <file>", "write the state at the end")
    .addOption(new Option("--engine <name>", "what runs contracts (default: compiler)").choices(ENGINES))
    .option(
      "--client-version <text>",
      "what web3_clientVersion answers: Hardhat's network helpers want it to begin with HardhatNetwork or anvil; with anvil, evm_setIntervalMining takes seconds",
    )
    .option("--artifacts <folder>", "JSON files with ABIs, so that custom errors are told by name")
    .option("--quiet", "print the accounts and nothing more")
    .option("--json", "print JSON, an object per line")
    .action(async (options) => finish(await (await import("../commands/dev.ts")).runDev(context, options)));
  examples(
    dev,
    "dev",
    "dev --port 7545 --block-time 2",
    "dev --state chain.json --artifacts out",
    "dev --genesis genesis.json",
    "dev --fork-url http://127.0.0.1:9545 --fork-block-number 1000",
    "dev --cors http://localhost:3000",
  );
}

function addNode(program: Command, { finish }: Definition): void {
  const node = withIpc(withCors(engineOptions(program.command("start"))));
  node
    .description("run one node by its configuration file")
    .requiredOption("--config <file>", "configuration file; festina init writes one")
    .option("--password-file <file>", "file with the seat keys' password (default: the configuration's)")
    .option("--light", "follow headers and certificates only; keep no state, and have peers prove what is asked for")
    .addOption(
      new Option(
        "--history <kind>",
        "full: leave old states behind; archive: keep all (default: the configuration's)",
      ).choices(["full", "archive"]),
    )
    .option("--supervised", "begin when standard input says something, stop when it ends")
    .action(async (options) => finish(await (await import("../commands/start.ts")).start(options)));
  examples(
    node,
    "start --config .festina/node/config.json",
    "start --config .festina/node/config.json --light",
    "start --config net/member-1/config.json --password-file password.txt",
  );
}

function addDoctor(program: Command, { context, finish }: Definition): void {
  const checked = program
    .command("doctor")
    .description("look at clock, disk, ports, keys and data of a node, and say what is to be mended")
    .requiredOption("--config <file>", "configuration file of the node")
    .option("--from <url>", "RPC of a trusted node whose clock to compare with")
    .option("--password-file <file>", "file with the seat keys' password, to see that it opens them")
    .option("--blocks <n>", "newest blocks to look through", wholeNumber(1, 2 ** 48), 1_000)
    .option("--repair", "rebuild tables that cannot be opened, and convert those of an earlier version")
    .option("--json", "answer in JSON")
    .action(async (options) => finish(await (await import("../commands/doctor.ts")).doctor(context, options)));
  examples(
    checked,
    "doctor --config .festina/node/config.json",
    "doctor --config .festina/node/config.json --from http://127.0.0.1:8545 --json",
  );
}

/** The network may stand without its option. */
function nameNetwork(network: string | undefined, options: InitOptions): InitOptions {
  if (network === undefined) return options;
  if (options.network !== undefined)
    throw new CliError("NETWORK_UNCLEAR", "name the network once: as an argument or by --network", 2);
  return { ...options, network };
}

function addInit(program: Command, { context }: Definition): void {
  const made = program
    .command("init")
    .argument("[network]", "the same as --network")
    .description("write the folder of a node that joins a network: chain spec, configuration, node key")
    .option("--network <network>", "its bundle's file (network.json of festina testnet), or a name, such as devnet")
    .requiredOption("--data-dir <folder>", "where the node lives")
    .option("--from <url>", "a node of the network whose RPC gives the chain spec and peers")
    .option("--chain-spec <file>", "the chain spec, when there is no node to ask")
    .option("--spec-hash <hash>", "refuse any other chain spec than this one")
    .option("--peers <list>", "node-id@host:port, more of them after commas")
    .option("--bootnodes <list>", "node-id@host:port, more of them after commas: to find others by")
    .option("--rpc-port <port>", "where the node's own RPC listens", port, 8545)
    .option("--network-port <port>", "where other nodes reach it (default: the RPC port + 22000)", port)
    .option("--validator <folder>", "keys that festina validator keys made")
    .option("--password-file <file>", "file with their password, for starts without a terminal")
    .addOption(
      new Option("--history <kind>", "full: leave old states behind; archive: keep all (default: archive)").choices([
        "full",
        "archive",
      ]),
    )
    .option(
      "--snapshot <file>",
      "begin by a file of festina snapshot export: the one that the bundle names, if it does",
    )
    .option("--json", "answer in JSON")
    .action(async (network: string | undefined, options) =>
      (await import("../commands/init.ts")).init(context, nameNetwork(network, options)),
    );
  examples(
    made,
    "init devnet --data-dir .festina/node --rpc-port 8645",
    "init --data-dir .festina/node --from http://127.0.0.1:8545 --rpc-port 8645",
    "init --data-dir .festina/node --network net/network.json --validator keys",
  );
}

export function addNetworks(program: Command, definition: Definition): void {
  program.commandsGroup("Run a chain:");
  addDev(program, definition);
  addDevnet(program, definition);
  addTestnet(program, definition);
  addInit(program, definition);
  addNode(program, definition);
  addDoctor(program, definition);
}
