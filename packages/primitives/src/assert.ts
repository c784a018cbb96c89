/** We are wrong: a broken invariant of our own. The node stops; nobody catches this to go on. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/**
 * The world failed: disk, socket, process. Thrown by adapters only, with the underlying failure as `cause`.
 */
export class OperationError extends Error {
  override readonly name = "OperationError";
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** @throws InvariantError when the condition does not hold */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** For the `default` of a switch over a union: compiles only while every member is handled. */
export function unreachable(value: never): never {
  throw new InvariantError(`unhandled variant ${JSON.stringify(value)}`);
}
