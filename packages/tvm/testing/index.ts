export { MemoryStateView } from "./memoryStateView.ts";
export { addressOf, BLOCK, CALLER, CONTRACT } from "./sampleCall.ts";
export { createScriptedEngine, type ScriptedOutcome } from "./scriptedEngine.ts";
