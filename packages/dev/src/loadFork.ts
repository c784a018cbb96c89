import type { Result } from "@festina/primitives";
import type { Fork, ForkTarget } from "./fork/forkPort.ts";
import type { ForkTools } from "./fork/openFork.ts";

/** A chain to go on from. What that takes is loaded by who asks for it. Fails by code, in words for whoever named the chain. */
export async function loadFork(target: ForkTarget, tools: ForkTools): Promise<Result<Fork>> {
  const { openFork } = await import("./fork/openFork.ts");
  return openFork(target, tools);
}
