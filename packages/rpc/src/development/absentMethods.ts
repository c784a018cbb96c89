import type { Method } from "../jsonRpc/dispatch.ts";
import { Params } from "../jsonRpc/params.ts";
import { invalidParams, RPC_CODE, RpcError } from "../jsonRpc/rpcError.ts";
import { parseCount } from "./parseControl.ts";

function refuse(message: string): never {
  throw new RpcError(RPC_CODE.notSupported, message);
}

/** What others have and this chain cannot, said in words that tell what to do instead, and what it has none of. */
export function absentMethods(): Record<string, Method> {
  return {
    anvil_setChainId: (values) => {
      parseCount(values[0], "chainId", Number.MAX_SAFE_INTEGER);
      return refuse("the chain id is in every certificate: start another chain with --chain-id");
    },
    anvil_setRpcUrl: (values) => {
      new Params(values).string(0, "url");
      return refuse("another chain is forked by anvil_reset, with forking.jsonRpcUrl, or by --fork-url");
    },
    anvil_impersonateSignature: (values) => {
      const params = new Params(values);
      params.bytes(0, "signature");
      params.address(1, "address");
      return refuse("who sends follows from a signature: use anvil_impersonateAccount and eth_sendTransaction");
    },
    /** There are no blobs. */
    anvil_getBlobByHash: (values) => {
      new Params(values).hash(0, "versionedHash");
      return null;
    },
    anvil_getBlobsByTransactionHash: (values) => {
      new Params(values).hash(0, "transactionHash");
      return null;
    },
    /** In the words of the others, whose base fee has the last word as well. */
    anvil_setMinGasPrice: (values) => {
      new Params(values).quantity(0, "gasPrice");
      throw invalidParams("anvil_setMinGasPrice is not supported when EIP-1559 is active");
    },
    hardhat_setMinGasPrice: (values) => {
      new Params(values).quantity(0, "gasPrice");
      throw new RpcError(RPC_CODE.server, "hardhat_setMinGasPrice is not supported when EIP-1559 is active");
    },
  };
}
