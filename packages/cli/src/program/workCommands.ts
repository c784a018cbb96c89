// Commands of miners and committee members, and of those who look closely: festina mine, validator, export, replay, simulate.
import { type Command, Option } from "commander";
import { STAGES } from "../seat/validatorLife.ts";
import { type Definition, ENGINES, examples, share, wholeNumber, withRpc } from "./options.ts";

const MINER_ACCOUNT = ".festina/miner.key";

function addMiner(program: Command, { context, finish }: Definition): void {
  const mine = program
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
    .action(async (options) => finish(await (await import("../commands/mine.ts")).mine(context, options)));
  examples(mine, "mine --rpc http://127.0.0.1:8545 --threads 2 --cpu-share 0.5", "mine --payout 0xf39f... --json");
}

const withKeys = (command: Command): Command =>
  withRpc(command.requiredOption("--keys <folder>", "folder that festina validator keys made"));

const withPassword = (command: Command): Command =>
  command.option("--password-file <file>", "file with their password (default: FESTINA_PASSWORD, else asked for)");

const namingValidator = (command: Command): Command =>
  withRpc(command)
    .option("--keys <folder>", "folder that festina validator keys made")
    .option("--address <address>", "the validator, instead of its keys");

function addValidator(program: Command, { context, finish }: Definition): void {
  const validator = program
    .command("validator")
    .description("the life of a committee member, from its keys to its exit");
  const keys = withPassword(validator.command("keys"))
    .description("make a signing key and an owner account, encrypted, in a folder of their own")
    .requiredOption("--out <folder>", "where the keys go")
    .option("--json", "answer in JSON")
    .action(async (options) => (await import("../commands/validator/keys.ts")).createKeys(context, options));
  examples(keys, "validator keys --out keys");
  const loadRegister = () => import("../commands/validator/register.ts");
  const register = withPassword(withKeys(validator.command("register")))
    .description("deposit, register the key with its proof, and say ready")
    .requiredOption("--deposit <amount>", "such as 2500ether")
    .option("--payout <address>", "where rewards go (default: the owner)")
    .option("--fund-from <address>", "development account that gives the owner the deposit")
    .action(async (options) => (await loadRegister()).registerValidator(context, options));
  examples(register, "validator register --keys keys --deposit 2500ether --password-file password.txt");
  const support = namingValidator(validator.command("support"))
    .description("make fruits name the validator, which elects it: mine here, or change a miner's configuration")
    .option("--config <file>", "configuration of a node with a miner, to be changed instead of mining here")
    .option("--payout <address>", "earns what is found (default: the validator)")
    .option("--threads <n>", "worker threads", wholeNumber(1, 64), 1)
    .option("--cpu-share <share>", "share of a core per thread", share, 1)
    .option("--seconds <n>", "stop after so long (default: at Ctrl-C)", wholeNumber(1, 2 ** 31))
    .action(async (options) =>
      finish(await (await import("../commands/validator/support.ts")).supportValidator(context, options)),
    );
  examples(
    support,
    "validator support --keys keys --threads 2",
    "validator support --address 0x7099... --config net/miner-1/config.json",
  );
  const status = namingValidator(validator.command("status"))
    .description("where in its life the validator is, and what comes next")
    .addOption(new Option("--until <stage>", "wait until it has come so far").choices(STAGES))
    .option("--timeout <seconds>", "give up waiting after so long", wholeNumber(1, 2 ** 31))
    .action(async (options) => (await import("../commands/validator/status.ts")).showValidator(context, options));
  examples(status, "validator status --keys keys", "validator status --address 0x7099... --until signing --json");
  const unjail = withPassword(withKeys(validator.command("unjail")))
    .description("take part in elections again after too many missed votes")
    .action(async (options) => (await loadRegister()).unjailValidator(context, options));
  examples(unjail, "validator unjail --keys keys");
  const exit = withPassword(withKeys(validator.command("exit")))
    .description("leave the committee; once the deposit is unlocked, take it back")
    .option("--wait", "stay until it is unlocked")
    .option("--to <address>", "then send all that the owner holds there")
    .action(async (options) => (await import("../commands/validator/exit.ts")).exitValidator(context, options));
  examples(exit, "validator exit --keys keys", "validator exit --keys keys --wait --to 0x7099...");
  examples(
    validator,
    "validator keys --out keys",
    "validator register --keys keys --deposit 2500ether",
    "validator status --keys keys --until signing",
    "validator exit --keys keys --wait",
  );
}

function addHistory(program: Command, { context }: Definition): void {
  const load = () => import("../commands/history.ts");
  const exported = program
    .command("export")
    .argument("<file>", "file to write")
    .description("write final blocks of a stopped node into a file")
    .requiredOption("--config <file>", "configuration file of the node")
    .requiredOption("--blocks <range>", "such as 1..50")
    .option("--json", "answer in JSON")
    .action(async (file: string, options) => (await load()).exportBlocks(context, file, options));
  examples(exported, "export blocks.json --config .festina/node/config.json --blocks 1..50");
  const replayed = program
    .command("replay")
    .argument("<file>", "file that festina export wrote")
    .description("make the chain again from a file, and compare every hash and root")
    .addOption(new Option("--engine <name>", "what runs contracts (default: compiler)").choices(ENGINES))
    .option("--compile-all", "compile every code before it runs, not only what is hot")
    .option("--json", "answer in JSON")
    .action(async (file: string, options) => (await load()).replayBlocks(context, file, options));
  examples(replayed, "replay blocks.json", "replay blocks.json --engine interpreter --json");
}

function addSnapshot(program: Command, { context }: Definition): void {
  const load = () => import("../commands/snapshot.ts");
  const snapshot = program.command("snapshot").description("a node's chain in one file, for nodes to begin by");
  const written = snapshot
    .command("export")
    .argument("<file>", "file to write")
    .description("write all that a stopped node holds of its chain, with a digest at the end")
    .requiredOption("--config <file>", "configuration file of the node")
    .option("--bundle <file>", "network.json that names the file from then on; made when missing")
    .option("--json", "answer in JSON")
    .action(async (file: string, options) => (await load()).exportSnapshot(context, file, options));
  examples(written, "snapshot export chain.snapshot --config .festina/node/config.json");
  const begun = snapshot
    .command("import")
    .argument("<file>", "file that festina snapshot export wrote")
    .description("begin a node by a file, which is checked like what strangers send")
    .requiredOption("--config <file>", "configuration file of the node, whose folder holds no chain yet")
    .option("--head-hash <hash>", "the only newest block to accept, told by somebody you trust")
    .option("--digest <hash>", "the only SHA-256 of its content to accept, likewise; festina snapshot export prints it")
    .option("--json", "answer in JSON")
    .action(async (file: string, options) => (await load()).importSnapshot(context, file, options));
  examples(begun, "snapshot import chain.snapshot --config .festina/other/config.json");
  examples(
    snapshot,
    "snapshot export chain.snapshot --config .festina/node/config.json",
    "snapshot import chain.snapshot --config .festina/other/config.json",
  );
}

function addSimulate(program: Command, { context, finish }: Definition): void {
  const simulated = program
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
    .action(async (options) => finish(await (await import("../commands/simulate.ts")).simulate(context, options)));
  examples(
    simulated,
    "simulate --seeds 1..200",
    "simulate --seed 7 --profile byzantine --explain",
    "simulate --seed 7 --html run.html",
  );
}

export function addWork(program: Command, definition: Definition): void {
  program.commandsGroup("Mine and sit in the committee:");
  addMiner(program, definition);
  addValidator(program, definition);
  program.commandsGroup("Look closely:");
  addHistory(program, definition);
  addSnapshot(program, definition);
  addSimulate(program, definition);
}
