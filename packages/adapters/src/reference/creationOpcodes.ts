// CREATE and CREATE2 for the reference engine. The library takes code that begins with 0xEF00 for a format that no fork has
// brought, and pushes 0 without running it; by Osaka's rules it is code like any other, whose first byte is invalid.
import type { Common } from "@ethereumjs/common";
import { type EVMOpts, getOpcodesForHF, paramsEVM } from "@ethereumjs/evm";
import { bigIntToBytes, setLengthLeft } from "@ethereumjs/util";
import { assert } from "@festina/primitives";

type CustomOpcode = NonNullable<EVMOpts["customOpcodes"]>[number];
type OpcodeLogic = Extract<CustomOpcode, { logicFunction: unknown }>["logicFunction"];

const CREATIONS = [
  { opcode: 0xf0, opcodeName: "CREATE", operands: 3 },
  { opcode: 0xf5, opcodeName: "CREATE2", operands: 4 },
];
const SALT_BYTES = 32;

/** Whether `code` begins as what the library refuses to run. */
function beginsWithMagic(code: Uint8Array): boolean {
  return code[0] === 0xef && code[1] === 0x00;
}

export function creationOpcodes(common: Common): CustomOpcode[] {
  // Prices come with the machine, which is made with these opcodes and so does not exist yet.
  const priced = common.copy();
  priced.updateParams(paramsEVM);
  const { handlers, dynamicGasHandlers, opcodes } = getOpcodesForHF(priced);
  const codeBytesMax = Number(priced.param("maxInitCodeSize"));
  return CREATIONS.map(({ opcode, opcodeName, operands }) => {
    const own = handlers.get(opcode);
    const gasFunction = dynamicGasHandlers.get(opcode);
    const baseFee = opcodes.get(opcode)?.fee;
    assert(own !== undefined && gasFunction !== undefined && baseFee !== undefined, "the library knows creations");
    const logicFunction: OpcodeLogic = async (run, itsCommon) => {
      const [value = 0n, offset = 0n, length = 0n, salt] = run.stack.peek(operands);
      const { allowUnlimitedInitCodeSize } = run.interpreter._evm;
      const isRunnable = length > 0n && (length <= codeBytesMax || allowUnlimitedInitCodeSize === true);
      const code = isRunnable ? run.memory.read(Number(offset), Number(length), true) : new Uint8Array(0);
      if (!beginsWithMagic(code) || run.interpreter.isStatic()) return own(run, itsCommon);
      run.stack.popN(operands);
      const gasLimit = run.messageGasLimit;
      delete run.messageGasLimit;
      assert(gasLimit !== undefined, "the gas of a creation is computed before it");
      run.stack.push(
        salt === undefined
          ? await run.interpreter.create(gasLimit, value, code)
          : await run.interpreter.create2(gasLimit, value, code, setLengthLeft(bigIntToBytes(salt), SALT_BYTES)),
      );
    };
    return { opcode, opcodeName, baseFee, gasFunction, logicFunction };
  });
}
