export { type DevAdapters, DevChain, type DevChainSettings } from "./devChain.ts";
