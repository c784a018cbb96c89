import { createNonceSearcher } from "@festina/adapters";
import { type Hash32, parseAddress, ZERO_ADDRESS } from "@festina/primitives";
import { RpcAnswerError } from "@festina/rpc";
import { type CommandContext, connect, orThrow } from "./context.ts";

export interface MineOptions {
  readonly rpc?: string;
  readonly payout: string;
  readonly support?: string;
  readonly threads: number;
  readonly cpuShare: number;
}

interface Work {
  readonly workId: string;
  readonly sealHash: Hash32;
  readonly powKey: Hash32;
  readonly blockTarget: string;
  readonly fruitTarget: string;
}

const POLL_MS = 500;
const RATE_MS = 10_000;

/** `festina mine`: searches nonces for work that a node hands out, until Ctrl-C. Answers with the exit code. */
export async function mine(context: CommandContext, options: MineOptions): Promise<number> {
  const client = connect(options);
  const payout = orThrow(parseAddress(options.payout));
  const supports = options.support === undefined ? ZERO_ADDRESS : orThrow(parseAddress(options.support));
  const works = new Map<number, Work>();
  let serial = 0;
  let isStopping = false;
  const startNonce = BigInt(Math.floor(Math.random() * 2 ** 32)) << 32n;

  const submit = async (work: Work, nonce: bigint): Promise<void> => {
    try {
      const won = await client.call<{ fruit: boolean; block: boolean }>("snail_submitWork", [
        work.workId,
        `0x${nonce.toString(16)}`,
      ]);
      context.print(
        [won.fruit ? "fruit accepted" : "", won.block ? "snail block accepted" : ""].filter(Boolean).join(", "),
      );
    } catch (error) {
      if (!(error instanceof RpcAnswerError)) throw error;
      context.printError(`refused: ${error.message}`);
    }
    await refresh();
  };
  const searcher = createNonceSearcher({
    engine: "keccak",
    threads: options.threads,
    cpuShare: options.cpuShare,
    onFound: (workId, nonce) => {
      const work = works.get(workId);
      if (work !== undefined) submit(work, nonce).catch((error: unknown) => context.printError(String(error)));
    },
    onFailed: (error) => context.printError(error.message),
  });
  async function refresh(): Promise<void> {
    const work = await client.call<Work>("snail_getWork", [payout, supports]);
    if (isStopping) return;
    const workId = ++serial;
    works.set(workId, work);
    works.delete(workId - 16);
    searcher.start({
      workId,
      sealHash: work.sealHash,
      powKey: work.powKey,
      blockTarget: BigInt(work.blockTarget),
      fruitTarget: BigInt(work.fruitTarget),
      startNonce,
    });
  }

  await refresh();
  context.print(`mining for ${payout}${options.support === undefined ? "" : ` in support of ${supports}`}`);
  const poll = setInterval(() => refresh().catch((error: unknown) => context.printError(String(error))), POLL_MS);
  const rate = setInterval(() => context.print(`${Math.round(searcher.hashRate())} hashes/s`), RATE_MS);
  await new Promise<void>((finish) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => finish());
  });
  isStopping = true;
  clearInterval(poll);
  clearInterval(rate);
  await searcher.close();
  return 0;
}
