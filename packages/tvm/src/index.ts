export {
  creditBalance,
  debitBalance,
  EMPTY_ACCOUNT,
  EMPTY_CODE_HASH,
  isEmptyAccount,
  readAccount,
} from "./account.ts";
export type { BlockContext } from "./blockContext.ts";
export { createCheckedEngine, EngineDifferenceError } from "./checking/checkedEngine.ts";
export { type EngineCase, formatEngineCase, parseEngineCase } from "./checking/engineCase.ts";
export type { RecordedAccount } from "./checking/recordingView.ts";
export { type CompileBounds, type CompileRefusal, HOT_BOUNDS, hotGasOf } from "./compiler/compileBounds.ts";
export { type CompiledCode, compileCode } from "./compiler/compileCode.ts";
export { type CompilerInput, compilerInputOf } from "./compiler/compilerInput.ts";
export { createCompiler, createTiered } from "./compiler/createCompiler.ts";
export { enterFunctions } from "./compiler/enterFunctions.ts";
export {
  type CompileAnswer,
  type CompilePort,
  type CompilerStatus,
  HOT_CODE_LIMITS,
  type HotCodeLimits,
  HotCodes,
  type RefusalReason,
} from "./compiler/hotCodes.ts";
export type { CompiledModule } from "./compiler/moduleLinks.ts";
export { computeContractAddress } from "./contractAddress.ts";
export { delegationTarget, encodeDelegation } from "./delegation.ts";
export type { ExecutionEffect, ExecutionFailure } from "./describeEffect.ts";
export type {
  Engine,
  EngineCall,
  EngineHalt,
  EngineOutcome,
  EngineRevert,
  EngineSuccess,
  HaltReason,
} from "./engine.ts";
export { createEngineChain, type EngineFault } from "./engineChain.ts";
export { estimateGas, type GasEstimate } from "./estimateGas.ts";
export {
  executeTransaction,
  type TransactionExecution,
  type TransactionOutcome,
} from "./executeTransaction.ts";
export { createInterpreter } from "./interpreter/createInterpreter.ts";
export type { InstantiateKernel, KernelExports, KernelHost } from "./interpreter/kernel.ts";
export type { MachineOptions } from "./interpreter/machine.ts";
export type { PrecompileResult, Precompiles } from "./interpreter/precompilePort.ts";
export {
  computeFloorGas,
  computeIntrinsicGas,
  INIT_CODE_BYTES_MAX,
  type IntrinsicGasFields,
} from "./intrinsicGas.ts";
export type { Pace } from "./pace.ts";
export type { Account, StateView, WordStorage } from "./ports.ts";
export { PRECOMPILE_ADDRESSES } from "./precompiles.ts";
export {
  isCodeUnlimited,
  OSAKA,
  OSAKA_WITH_UNLIMITED_CODE,
  osakaWithout,
  PRAGUE,
  RULE_SETS,
  type RuleSet,
  rulesOf,
} from "./ruleSet.ts";
export { EngineFaultError } from "./runEngine.ts";
export {
  type SimulatedCall,
  type Simulation,
  type SimulationFailureCode,
  type SimulationOutcome,
  simulateCall,
} from "./simulateCall.ts";
export { StateElsewhereError, StateUnreachableError, whenFetched } from "./stateElsewhere.ts";
export {
  SYSTEM_CALL_GAS,
  SYSTEM_CALLER,
  type SystemCall,
  type SystemCallOutcome,
  systemCall,
} from "./systemCall.ts";
export { AccessListTracer } from "./tracing/accessListTracer.ts";
export { type CallFrame, type CallLog, CallTracer, type CallTracerOptions } from "./tracing/callTracer.ts";
export { createTracingEngine, type TracingEngine } from "./tracing/createTracingEngine.ts";
export { instructionName } from "./tracing/instructionNames.ts";
export {
  type PrestateOptions,
  type PrestateResult,
  type PrestateSnapshot,
  PrestateTracer,
} from "./tracing/prestateTracer.ts";
export { type StructLog, StructLogger, type StructLogOptions } from "./tracing/structLogger.ts";
export type {
  ExecutionTracer,
  TracedCall,
  TracedCallKind,
  TracedEnding,
  TracedStep,
  TracedStepEnd,
} from "./tracing/tracer.ts";
export { TransferTracer } from "./tracing/transferTracer.ts";
export { VmTracer } from "./tracing/vmTracer.ts";
export {
  effectiveGasPriceWei,
  type TransactionChecks,
  type TransactionFailureCode,
  type TransactionValidity,
  validateTransaction,
  validateTransactionForm,
} from "./validateTransaction.ts";
