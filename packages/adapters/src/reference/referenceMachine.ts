import { createCustomCommon, Hardfork, Mainnet } from "@ethereumjs/common";
import {
  createEVM,
  type EVM,
  EVMError,
  type EVMResult,
  getActivePrecompiles,
  type Log as LibraryLog,
} from "@ethereumjs/evm";
import { createAddressFromString, type KZG } from "@ethereumjs/util";
import { type Address, assert, hexToBytes, toAddress, toHash32 } from "@festina/primitives";
import {
  type BlockContext,
  type EngineCall,
  type EngineOutcome,
  isCodeUnlimited,
  type RuleSet,
  rulesOf,
  type StateView,
} from "@festina/tvm";
import type { Log } from "@festina/types";
import type { ReferenceEngineOptions } from "./createReferenceEngine.ts";
import { creationOpcodes } from "./creationOpcodes.ts";
import { haltReasonOf } from "./haltReason.ts";
import { verifyPointEvaluation } from "./pointEvaluation.ts";
import { StateViewBridge } from "./stateViewBridge.ts";

/** One instance of the library, for one run at a time. */
export interface ReferenceMachine {
  run(call: EngineCall, view: StateView, block: BlockContext): Promise<EngineOutcome>;
}

/** Without blobs the blob base fee stays at its minimum (EIP-7516), 1 wei. */
const BLOB_BASE_FEE_WEI = 1n;

const HARDFORK_OF: Readonly<Record<RuleSet["name"], Hardfork>> = { prague: Hardfork.Prague, osaka: Hardfork.Osaka };

type LibraryBlock = NonNullable<Parameters<EVM["runCall"]>[0]["block"]>;

export async function createReferenceMachine(
  options: ReferenceEngineOptions,
  rules: RuleSet,
): Promise<ReferenceMachine> {
  const { chainId, keccak256 } = options;
  const common = createCustomCommon({ name: "festina", chainId: chainId.toString() }, Mainnet, {
    hardfork: HARDFORK_OF[rules.name],
    // The library types the whole blob interface; its interpreter calls this one function.
    customCrypto: {
      kzg: { verifyProof: verifyPointEvaluation } as Partial<KZG> as KZG,
      ...(keccak256 === undefined ? {} : { keccak256 }),
    },
  });
  assert(common.chainId() === chainId, "the library keeps the chain id");
  const bridge = new StateViewBridge();
  let current: BlockContext | null = null;
  const blockchain = {
    async getBlock(number: number) {
      const block = current;
      assert(block !== null, "block hashes are read within a run only");
      return { hash: () => hexToBytes(block.getBlockHash(number)) };
    },
    async putBlock() {},
    shallowCopy: () => blockchain,
  };
  const isUnlimited = isCodeUnlimited(rules);
  const evm = await createEVM({
    common,
    stateManager: bridge,
    blockchain,
    customOpcodes: creationOpcodes(common),
    allowUnlimitedContractSize: isUnlimited,
    allowUnlimitedInitCodeSize: isUnlimited,
    customPrecompiles: movedPrecompiles(common, rules),
  });
  return {
    async run(call, view, block) {
      current = block;
      bridge.begin(view);
      let frame: ReturnType<StateViewBridge["end"]>;
      let result: EVMResult;
      try {
        result = await runCall(evm, call, block);
      } finally {
        frame = bridge.end();
        current = null;
      }
      return describe(result, call, frame);
    },
  };
}

async function runCall(evm: EVM, call: EngineCall, block: BlockContext): Promise<EVMResult> {
  // The library clears warm sets and transient storage only after runs that ended well and had code.
  evm.journal.cleanJournal();
  evm.transientStorage.clear();
  for (const address of [...rulesOf(block).precompiles, ...call.warmAddresses])
    evm.journal.addAlwaysWarmAddress(address);
  for (const { address, storageKeys } of call.accessList) {
    evm.journal.addAlwaysWarmAddress(address);
    for (const key of storageKeys) evm.journal.addAlwaysWarmSlot(address, key);
  }
  const caller = createAddressFromString(call.caller);
  return evm.runCall({
    block: libraryBlock(block),
    caller,
    origin: call.origin === call.caller ? caller : createAddressFromString(call.origin),
    ...(call.to === null ? {} : { to: createAddressFromString(call.to) }),
    value: call.valueWei,
    data: call.data,
    gasLimit: call.gasLimit,
    gasPrice: call.gasPriceWei,
    isStatic: call.isStatic,
    skipNonceIncrement: true,
  });
}

/** What code sees of its block, as the library wants it. */
export function libraryBlock(block: BlockContext): LibraryBlock {
  return {
    header: {
      number: BigInt(block.number),
      coinbase: createAddressFromString(block.coinbase),
      timestamp: BigInt(block.timestamp),
      difficulty: 0n,
      prevRandao: hexToBytes(block.prevRandao),
      gasLimit: block.gasLimit,
      baseFeePerGas: block.baseFeePerGasWei,
      getBlobGasPrice: () => BLOB_BASE_FEE_WEI,
    },
  };
}

function describe(
  { execResult, createdAddress }: EVMResult,
  call: EngineCall,
  frame: { readonly touched: ReadonlySet<Address>; readonly balanceChangeWei: bigint },
): EngineOutcome {
  const gasLeft = call.gasLimit - execResult.executionGasUsed;
  const error = execResult.exceptionError?.error;
  if (error === EVMError.errorMessages.REVERT) return { kind: "revert", gasLeft, output: execResult.returnValue };
  if (error !== undefined) {
    const reason = haltReasonOf(error);
    assert(reason !== null, `the library halted with "${error}"`);
    return { kind: "halt", reason };
  }
  const created = execResult.createdAddresses ?? new Set();
  const destroyed = [...(execResult.selfdestruct?.keys() ?? [])].filter((address) => created.has(address));
  return {
    kind: "success",
    gasLeft,
    gasRefund: execResult.gasRefund ?? 0n,
    output: execResult.returnValue,
    logs: (execResult.logs ?? []).map(describeLog),
    createdAddress: createdAddress === undefined ? null : (createdAddress.toString() as Address),
    selfDestructed: destroyed as readonly string[] as readonly Address[],
    burnedWei: -frame.balanceChangeWei,
    touched: [...frame.touched],
  };
}

function describeLog([address, topics, data]: LibraryLog): Log {
  return { address: toAddress(address), topics: topics.map(toHash32), data };
}

type CustomPrecompiles = NonNullable<NonNullable<Parameters<typeof createEVM>[0]>["customPrecompiles"]>;

/** As the library takes them: one without a function is not there. */
function movedPrecompiles(common: ReturnType<typeof createCustomCommon>, rules: RuleSet): CustomPrecompiles {
  const { movedPrecompiles: moved, precompiles } = rules;
  if (moved === undefined) return [];
  const active = getActivePrecompiles(common);
  const gone = precompiles.filter((address) => !moved.has(address)).map((address) => ({ address: addressOf(address) }));
  const here = [...moved].flatMap(([address, own]) => {
    const run = active.get(own.slice(2));
    return run === undefined ? [] : [{ address: addressOf(address), function: run }];
  });
  return [...gone, ...here];
}

const addressOf = (address: Address) => createAddressFromString(address);
