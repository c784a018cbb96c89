import { createEngineChain, type Engine, type EngineFault } from "@festina/tvm";
import { createInterpreterEngine, loadInterpreterEngine } from "../interpreter/createInterpreterEngine.ts";
import {
  createReferenceEngine,
  loadReferenceEngine,
  type ReferenceEngineOptions,
} from "../reference/createReferenceEngine.ts";

export interface NodeEngineOptions extends ReferenceEngineOptions {
  /** An engine broke and the next one went on: worth a line in the log. */
  readonly onFault: (fault: EngineFault) => void;
}

/** What a node executes on: the interpreter, and the reference engine should that one ever break. */
export function createNodeEngine(options: NodeEngineOptions): Engine {
  return createEngineChain(createInterpreterEngine(), [createReferenceEngine(options)], options.onFault);
}

/** The same, with everything loaded: its runs wait for nothing but promises, which a simulation can sit out. */
export async function loadNodeEngine(options: NodeEngineOptions): Promise<Engine> {
  return createEngineChain(await loadInterpreterEngine(), [await loadReferenceEngine(options)], options.onFault);
}
