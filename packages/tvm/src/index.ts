export type { Account, StateView } from "./ports.ts";
