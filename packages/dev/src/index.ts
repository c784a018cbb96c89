export { type DevAdapters, DevChain, type DevChainSettings } from "./devChain.ts";
export { DevLog, type DevLogOptions } from "./devLog.ts";
export { trustDevValidator } from "./knownValidator.ts";
export { type DeclaredErrors, declaredErrors } from "./revertText.ts";
