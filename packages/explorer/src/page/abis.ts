import { keepAbi, keptAbi, keptContracts, type TextStore } from "../abi/abiStore.ts";
import type { ContractAbi } from "../abi/contractAbi.ts";
import { OTHER_ABI, REGISTRY_ABI, TOKEN_ABI } from "../abi/knownAbis.ts";
import { keepText, readText } from "./keptText.ts";

const STORE: TextStore = { read: readText, write: keepText };

/** Given for this contract first, then what many contracts share. */
export function abisOf(address: string | null | undefined): readonly ContractAbi[] {
  const own = address === null || address === undefined ? null : keptAbi(STORE, address.toLowerCase());
  return [...(own === null ? [] : [own]), TOKEN_ABI, OTHER_ABI, REGISTRY_ABI];
}

export const ownAbi = (address: string): ContractAbi | null => keptAbi(STORE, address.toLowerCase());
export const knownContracts = (): readonly string[] => keptContracts(STORE);
export const rememberAbi = (address: string, entries: unknown): boolean =>
  keepAbi(STORE, address.toLowerCase(), entries);
