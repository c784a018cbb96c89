import {
  createCheckedEngine,
  createEngineChain,
  type Engine,
  type EngineCase,
  type EngineFault,
  type Pace,
} from "@festina/tvm";
import {
  createCompilerEngine,
  createInterpreterEngine,
  createTieredEngine,
  loadInterpreterEngine,
} from "../interpreter/createInterpreterEngine.ts";
import {
  createReferenceEngine,
  loadReferenceEngine,
  type ReferenceEngineOptions,
} from "../reference/createReferenceEngine.ts";

/** `compiler`: hot code is compiled, the rest interpreted; whatever breaks an engine runs on the next one to the right. */
export type EngineKind = "compiler" | "interpreter" | "reference";

export interface NodeEngineOptions extends ReferenceEngineOptions {
  /** The compiler when absent. */
  readonly kind?: EngineKind;
  /** Everything is compiled before it runs, and the run waits for it: for replays. */
  readonly isEager?: boolean;
  /** How execution shares the thread it runs on; absent where nobody else is served. */
  readonly pace?: Pace;
  /** An engine broke and the next one went on: worth a line in the log. */
  readonly onFault: (fault: EngineFault) => void;
  /** Runs everything on a second engine, and is told before the first difference is thrown. */
  readonly onDifference?: (saved: EngineCase) => void;
}

/** What a node executes on. */
export function createNodeEngine(options: NodeEngineOptions): Engine {
  const { kind = "compiler", isEager = false, onFault, onDifference, pace } = options;
  const reference = createReferenceEngine(options);
  const interpreter = createInterpreterEngine(pace);
  const createFirst = (): Engine => {
    if (kind === "reference") return reference;
    if (kind === "interpreter") return createEngineChain(interpreter, [reference], onFault);
    const compiler = isEager ? createCompilerEngine(pace) : createTieredEngine(pace === undefined ? {} : { pace });
    return createEngineChain(compiler, [interpreter, reference], onFault);
  };
  if (onDifference === undefined) return createFirst();
  return createCheckedEngine(createFirst(), kind === "reference" ? interpreter : reference, onDifference);
}

/** The interpreter with everything loaded: its runs wait for nothing but promises, which a simulation can sit out. */
export async function loadNodeEngine(options: NodeEngineOptions): Promise<Engine> {
  return createEngineChain(await loadInterpreterEngine(), [await loadReferenceEngine(options)], options.onFault);
}
