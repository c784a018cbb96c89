import type { Schema } from "./schemas.ts";

export interface DescribedParam {
  readonly name: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
}

/** A method as `rpc.discover` tells of it. */
export interface DescribedMethod {
  readonly name: string;
  /** A sentence. */
  readonly summary: string;
  readonly params: readonly DescribedParam[];
  readonly result: Schema;
}

export const needs = (name: string, schema: Schema): DescribedParam => ({ name, schema, isRequired: true });
export const takes = (name: string, schema: Schema): DescribedParam => ({ name, schema, isRequired: false });

export function method(
  name: string,
  summary: string,
  params: readonly DescribedParam[],
  result: Schema,
): DescribedMethod {
  return { name, summary, params, result };
}
