import type { ChainSpec } from "@festina/chainspec";
import { type Address, ok, type Result } from "@festina/primitives";
import type { DevelopmentGate } from "@festina/rpc";
import type { AccountChange } from "@festina/types";
import { isAnvilState, readAnvilState } from "./anvilState.ts";
import { type DevDump, parseState, readDump } from "./devDump.ts";
import type { Beginning } from "./forkHolder.ts";

/** The chain that a state is loaded into. */
export interface LoadingChain {
  /** Accounts that the machine keeps itself. */
  readonly machineAccounts: () => ReadonlySet<Address>;
  /** How the chain of a dump could go on here. */
  readonly plan: (spec: ChainSpec) => Result<Beginning, "DUMP_INVALID">;
  /** Goes on with another chain's data. */
  readonly replace: (beginning: Beginning, dump: DevDump) => Promise<void>;
  /** Sets accounts in a block. */
  readonly change: (accounts: readonly AccountChange[]) => Promise<void>;
  /** It is this time at least, in Unix milliseconds. */
  readonly reach: (timeMs: number) => void;
}

const countOf = (count: number, name: string): string => `${count} ${name}${count === 1 ? "" : "s"}`;

/** What was dumped here takes the place of what there is; of a state that anvil saved, the accounts come to what there is. */
export async function loadState(text: string, chain: LoadingChain): ReturnType<DevelopmentGate["load"]> {
  const fields = parseState(text);
  if (!fields.ok) return fields;
  if (!isAnvilState(fields.value)) {
    const dump = readDump(fields.value);
    if (!dump.ok) return dump;
    const planned = chain.plan(dump.value.spec);
    if (!planned.ok) return planned;
    await chain.replace(planned.value, dump.value);
    return ok({ warning: null });
  }
  const state = readAnvilState(fields.value, chain.machineAccounts());
  if (!state.ok) return state;
  const { parts, timestampSeconds, blocks, transactions } = state.value;
  if (timestampSeconds !== null) chain.reach(timestampSeconds * 1000);
  for (const accounts of parts) await chain.change(accounts);
  const lost = `${countOf(blocks, "block")} and ${countOf(transactions, "transaction")}`;
  return ok({ warning: `the state is anvil's: its accounts are here, its ${lost} cannot become ours` });
}
