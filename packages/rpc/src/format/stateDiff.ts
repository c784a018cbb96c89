// What a transaction changed, in the form of the `trace_replay` methods, from the one of `prestateTracer`.
import { toQuantity } from "../jsonRpc/params.ts";

interface DiffAccount {
  readonly balance?: string;
  readonly nonce?: number;
  readonly code?: string;
  readonly storage?: Readonly<Record<string, string>>;
}

/** As `prestateTracer` gives it in its difference mode. */
export interface PrestateDiff {
  readonly pre: Readonly<Record<string, DiffAccount>>;
  readonly post: Readonly<Record<string, DiffAccount>>;
}

/** Unchanged, changed, new, gone. */
type Change =
  | "="
  | { readonly "*": { readonly from: string; readonly to: string } }
  | Readonly<Record<"+" | "-", string>>;

const ZERO_WORD = `0x${"0".repeat(64)}`;

function change(from: string | undefined, to: string | undefined): Change {
  if (from === undefined) return { "+": to ?? "0x" } as Change;
  if (to === undefined || to === from) return "=";
  return { "*": { from, to } };
}

const nonceOf = ({ nonce }: DiffAccount): string | undefined => (nonce === undefined ? undefined : toQuantity(nonce));

function born(account: DiffAccount): unknown {
  const storage = Object.entries(account.storage ?? {}).map(([slot, to]) => [slot, { "+": to }]);
  return {
    balance: { "+": account.balance ?? "0x0" },
    code: { "+": account.code ?? "0x" },
    nonce: { "+": nonceOf(account) ?? "0x0" },
    storage: Object.fromEntries(storage),
  };
}

function gone(account: DiffAccount): unknown {
  const storage = Object.entries(account.storage ?? {}).map(([slot, from]) => [slot, { "-": from }]);
  return {
    balance: { "-": account.balance ?? "0x0" },
    code: { "-": account.code ?? "0x" },
    nonce: { "-": nonceOf(account) ?? "0x0" },
    storage: Object.fromEntries(storage),
  };
}

function changed(was: DiffAccount, is: DiffAccount): unknown {
  const slots = new Set([...Object.keys(was.storage ?? {}), ...Object.keys(is.storage ?? {})]);
  const storage = [...slots].map((slot) => [
    slot,
    change(was.storage?.[slot] ?? ZERO_WORD, is.storage?.[slot] ?? ZERO_WORD),
  ]);
  return {
    balance: change(was.balance ?? "0x0", is.balance),
    code: change(was.code ?? "0x", is.code),
    nonce: change(nonceOf(was) ?? "0x0", nonceOf(is)),
    storage: Object.fromEntries(storage),
  };
}

export function formatStateDiff({ pre, post }: PrestateDiff): Record<string, unknown> {
  const addresses = new Set([...Object.keys(pre), ...Object.keys(post)]);
  return Object.fromEntries(
    [...addresses].map((address) => {
      const [was, is] = [pre[address], post[address]];
      if (was === undefined) return [address, born(is ?? {})];
      return [address, is === undefined ? gone(was) : changed(was, is)];
    }),
  );
}
