import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createKeccakKernel,
  createMemoryStore,
  createNodeEngine,
  createSecp256k1,
  createSignatureSuite,
  type EngineKind,
  openLevelStore,
} from "@festina/adapters";
import { exportHistory, readHistorySpec, replayHistory } from "@festina/node";
import { loadChainSpec, loadNodeConfig } from "../nodeFiles.ts";
import { CliError } from "../output/cliError.ts";
import { type CommandContext, orThrow, report } from "./context.ts";

const RANGE = /^(\d+)\.\.(\d+)$/;

/** `festina export --config FILE --blocks A..B OUT`: final blocks of a stopped node into a file. */
export async function exportBlocks(
  context: CommandContext,
  file: string,
  options: { readonly config: string; readonly blocks: string; readonly json?: boolean },
): Promise<void> {
  const range = RANGE.exec(options.blocks);
  if (range === null)
    throw new CliError("RANGE_INVALID", `"${options.blocks}" is no range; write for example 1..50`, 2);
  const config = loadNodeConfig(options.config);
  if (config.dataDir === null) throw new CliError("DATA_DIR_MISSING", "this node keeps nothing on disk");
  const store = await openLevelStore(join(config.dataDir, "chain"));
  try {
    const spec = loadChainSpec(config.chainSpecFile);
    const suite = createSignatureSuite(spec.signatureSuite);
    const exported = orThrow(exportHistory(spec, store, suite, Number(range[1]), Number(range[2])));
    writeFileSync(file, `${exported.lines.join("\n")}\n`);
    const count = exported.lines.length - 1;
    report(context, options.json, { file, blocks: count, last: exported.last }, [
      `${count} blocks up to ${exported.last} written to ${file}`,
    ]);
  } finally {
    await store.close();
  }
}

/** `festina replay FILE`: makes the chain again from the file and compares every hash and root. */
export async function replayBlocks(
  context: CommandContext,
  file: string,
  options: { readonly engine?: EngineKind; readonly compileAll?: boolean; readonly json?: boolean },
): Promise<void> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new CliError("FILE_UNREADABLE", `cannot read ${file}`);
  }
  const [header = "", ...lines] = text.trimEnd().split("\n");
  const spec = orThrow(readHistorySpec(header));
  const keccak = createKeccakKernel();
  let engineFaults = 0;
  const engine = createNodeEngine({
    chainId: spec.chainId,
    keccak256: keccak,
    ...(options.engine !== undefined && { kind: options.engine }),
    isEager: options.compileAll === true,
    onFault: ({ engine: name, cause }) => {
      engineFaults += 1;
      context.printError(`engine ${name} broke, another went on: ${cause}`);
    },
  });
  const tools = {
    spec,
    store: createMemoryStore(),
    suite: createSignatureSuite(spec.signatureSuite),
    engine,
    keccak,
    recoverPublicKey: createSecp256k1().recoverPublicKey,
    pause: () => new Promise<void>((resolve) => setImmediate(resolve)),
  };
  const replayed = orThrow(await replayHistory(lines, tools));
  const { blocks, headHash, stateRoot } = replayed;
  const { name, compilerStatus } = engine;
  report(context, options.json, { ...replayed, engine: { name, faults: engineFaults, compiler: compilerStatus?.() } }, [
    `${blocks} blocks replayed`,
    `head       ${headHash}`,
    `state root ${stateRoot}`,
  ]);
}
