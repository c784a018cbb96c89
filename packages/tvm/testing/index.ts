export { MemoryStateView } from "./memoryStateView.ts";
export { createScriptedEngine, type ScriptedOutcome } from "./scriptedEngine.ts";
