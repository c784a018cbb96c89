// The engines that run compiled code: everything of it, or what is hot.
import type { Engine } from "../engine.ts";
import { createInterpreter } from "../interpreter/createInterpreter.ts";
import type { InstantiateKernel } from "../interpreter/kernel.ts";
import type { Precompiles } from "../interpreter/precompilePort.ts";
import type { Pace } from "../pace.ts";
import { OSAKA, type RuleSet } from "../ruleSet.ts";
import { EagerLinks } from "./eagerLinks.ts";
import { type CompilePort, type HotCodeLimits, HotCodes } from "./hotCodes.ts";
import { HotLinks } from "./hotLinks.ts";

/** Every code is compiled before it runs, and the run waits for it. */
export function createCompiler(instantiate: InstantiateKernel, precompiles: Precompiles, pace?: Pace): Engine {
  return createInterpreter(instantiate, precompiles, {
    ...(pace !== undefined && { pace }),
    name: "compiler",
    createLinks: (kernel) => new EagerLinks(kernel),
  });
}

const isShared = ({ name, movedPrecompiles }: RuleSet): boolean =>
  name === OSAKA.name && movedPrecompiles === undefined;

export interface TieredOptions {
  readonly limits?: HotCodeLimits;
  readonly pace?: Pace;
}

/** Code begins in the interpreter; what is hot is compiled meanwhile, and runs compiled from then on. */
export function createTiered(
  instantiate: InstantiateKernel,
  precompiles: Precompiles,
  port: CompilePort,
  { limits, pace }: TieredOptions = {},
): Engine {
  const hotCodes = new HotCodes(port, limits);
  const engine = createInterpreter(instantiate, precompiles, {
    ...(pace !== undefined && { pace }),
    name: "compiler",
    // Compiled modules are shared by all machines, so they are of one rule set; others are interpreted.
    createLinks: (kernel, rules) => (isShared(rules) ? new HotLinks(kernel, hotCodes) : null),
  });
  return { ...engine, compilerStatus: () => hotCodes.status };
}
