/** A rule broken by a peer or a user: a stable code, a sentence for people, and the facts. Returned, never thrown. */
export interface Failure<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
}

export type Result<T, Code extends string = string> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Failure<Code> };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function fail<Code extends string>(
  code: Code,
  message: string,
  facts?: Failure["facts"],
): { readonly ok: false; readonly error: Failure<Code> } {
  return { ok: false, error: facts === undefined ? { code, message } : { code, message, facts } };
}
