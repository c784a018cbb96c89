export { type DevAdapters, DevChain, type DevChainSettings } from "./devChain.ts";
export { DevLog, type DevLogOptions } from "./devLog.ts";
export type { Fork, ForkTarget, Patience } from "./fork/forkPort.ts";
export type { ForkTools } from "./fork/openFork.ts";
export { trustDevValidator } from "./knownValidator.ts";
export { loadFork } from "./loadFork.ts";
export { type DeclaredErrors, declaredErrors } from "./revertText.ts";
