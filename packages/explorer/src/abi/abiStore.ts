// ABIs that people gave the page, kept in their browser by the address of the contract.
import { type ContractAbi, parseContractAbi } from "./contractAbi.ts";

/** Where text is kept: a browser's storage, or a test's. */
export interface TextStore {
  readonly read: (key: string) => string | null;
  /** Whether it is kept. */
  readonly write: (key: string, text: string) => boolean;
}

const KEY = "festina.abis";
const CONTRACTS_MAX = 50;
const BYTES_MAX = 200_000;

function readAll(store: TextStore): Record<string, unknown> {
  try {
    const kept: unknown = JSON.parse(store.read(KEY) ?? "{}");
    return typeof kept === "object" && kept !== null && !Array.isArray(kept) ? (kept as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export function keptAbi(store: TextStore, address: string): ContractAbi | null {
  const kept = readAll(store);
  if (!Object.hasOwn(kept, address)) return null;
  const parsed = parseContractAbi(kept[address]);
  return parsed.ok ? parsed.value : null;
}

export function keptContracts(store: TextStore): readonly string[] {
  return Object.keys(readAll(store)).filter((address) => /^0x[0-9a-f]{40}$/.test(address));
}

/** The longest kept go first when there are too many. Answers whether it is kept. */
export function keepAbi(store: TextStore, address: string, entries: unknown): boolean {
  const kept = Object.entries(readAll(store)).filter(([other]) => other !== address);
  const text = JSON.stringify(Object.fromEntries([...kept.slice(1 - CONTRACTS_MAX), [address, entries]]));
  return text.length <= BYTES_MAX * CONTRACTS_MAX && store.write(KEY, text);
}
