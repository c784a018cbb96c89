import type { ChainSpec } from "@festina/chainspec";
import { fail, ok, type Result } from "@festina/primitives";
import type { ForkWish } from "@festina/rpc";
import type { Fork, Patience } from "./fork/forkPort.ts";
import type { ForkTools } from "./fork/openFork.ts";
import { loadFork } from "./loadFork.ts";

export interface ForkSettings {
  readonly spec: ChainSpec;
  /** What the chain goes on from, with `spec` as it makes it. */
  readonly fork?: Fork;
  /** Of a chain of its own, and of forks but for what they make of it; `spec` where absent. */
  readonly unforkedSpec?: ChainSpec;
  /** Of every fork; that of the chain that it goes on from where absent. */
  readonly forkChainId?: bigint;
  /** The usual one where absent. */
  readonly forkPatience?: Patience;
}

/** A chain as it begins. */
export interface Beginning {
  readonly spec: ChainSpec;
  readonly fork: Fork | null;
}

/** Which chain a development chain goes on from, if any, and which it may go on from instead. */
export class ForkHolder {
  current: Fork | null;
  readonly #settings: ForkSettings;
  readonly #tools: ForkTools;

  constructor(settings: ForkSettings, { clock, recoverPublicKey }: Omit<ForkTools, "patience">) {
    const { forkPatience: patience } = settings;
    this.#settings = settings;
    this.#tools = { clock, recoverPublicKey, ...(patience === undefined ? {} : { patience }) };
    this.current = settings.fork ?? null;
  }

  /** What the chain would be by a wish; nothing is changed. */
  async plan(wish: ForkWish | null): Promise<Result<Beginning>> {
    const { spec, unforkedSpec = spec, forkChainId = null } = this.#settings;
    if (wish === null) return ok({ spec: unforkedSpec, fork: null });
    const { url = this.current?.facts.url, ...rest } = wish;
    if (url === undefined) return fail("FORK_URL_INVALID", "forking.jsonRpcUrl: which chain is to be forked?");
    const opened = await loadFork({ url, ...rest }, this.#tools);
    if (!opened.ok) return opened;
    const made = await opened.value.specOver(unforkedSpec, forkChainId);
    return made.ok ? ok({ spec: made.value, fork: opened.value }) : made;
  }

  /** Whether a chain that was dumped can go on here: of what it goes on from, a dump has only what was written since. */
  planLoad(spec: ChainSpec): Result<Beginning, "DUMP_INVALID"> {
    const { fork } = spec;
    if (fork === undefined) return ok({ spec, fork: null });
    if (fork.blockHash === this.current?.facts.blockHash) return ok({ spec, fork: this.current });
    const options = `--fork-url URL --fork-block-number ${fork.blockNumber}`;
    return fail("DUMP_INVALID", `the state is of a fork of the block ${fork.blockHash}: begin with ${options}`);
  }
}
