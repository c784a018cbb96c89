export { MemoryStateView } from "./memoryStateView.ts";
