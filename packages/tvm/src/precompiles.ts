import type { Address } from "@festina/primitives";
import { OSAKA } from "./ruleSet.ts";

/** Precompiled contracts at Osaka: 0x01 to 0x11 and 0x0100 (P-256). */
export const PRECOMPILE_ADDRESSES: readonly Address[] = OSAKA.precompiles;
