// The document that `rpc.discover` answers with: what this node serves, in the words of open-rpc.org.
import type { DescribedMethod } from "./describedMethod.ts";
import { DEVELOPMENT_METHODS } from "./developmentDescriptions.ts";
import { ETHEREUM_METHODS } from "./ethereumMethods.ts";
import { HYBRID_METHODS } from "./hybridChainMethods.ts";
import { SCHEMAS } from "./schemas.ts";

const OPEN_RPC_VERSION = "1.3.2";

const BY_NAME: ReadonlyMap<string, DescribedMethod> = new Map(
  [...ETHEREUM_METHODS, ...HYBRID_METHODS, ...DEVELOPMENT_METHODS].map((described) => [described.name, described]),
);

interface OpenRpcMethod {
  readonly name: string;
  readonly summary: string;
  readonly params: readonly { readonly name: string; readonly required: boolean; readonly schema: unknown }[];
  readonly result: { readonly name: string; readonly schema: unknown };
}

export interface OpenRpcDocument {
  readonly openrpc: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly methods: readonly OpenRpcMethod[];
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

function toOpenRpc({ name, summary, params, result }: DescribedMethod): OpenRpcMethod {
  return {
    name,
    summary,
    params: params.map((param) => ({ name: param.name, required: param.isRequired, schema: param.schema })),
    result: { name: "result", schema: result },
  };
}

/** Of the methods with these names; each has a description. */
export function createOpenRpcDocument(names: Iterable<string>, version: string): OpenRpcDocument {
  const described = [...names].sort().flatMap((name) => BY_NAME.get(name) ?? []);
  return {
    openrpc: OPEN_RPC_VERSION,
    info: { title: "Festina", version },
    methods: described.map(toOpenRpc),
    components: { schemas: SCHEMAS },
  };
}
