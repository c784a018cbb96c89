import type { Method } from "../jsonRpc/dispatch.ts";

/** The families of names under which tools know the controls of a development chain. */
export const FAMILIES = ["hardhat", "anvil", "evm"] as const;
export type Family = (typeof FAMILIES)[number];

/** Where Hardhat says whether it did what it was told, anvil says nothing, but for these. */
const TOLD_BY_ANVIL: ReadonlySet<string> = new Set(["setStorageAt", "setBlockGasLimit", "loadState"]);

/** Whether a method that all families have answers with nothing where the others answer with true or false. */
export function isSilent(family: Family, name: string): boolean {
  return family === "anvil" && !TOLD_BY_ANVIL.has(name);
}

export function silenced(method: Method): Method {
  return async (values, caller) => {
    const answer = await method(values, caller);
    return typeof answer === "boolean" ? null : answer;
  };
}
