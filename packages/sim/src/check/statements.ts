// What those who may break rules really signed, by their own core or by forging: whoever contradicted itself is guilty, and
// nobody else may stand accused.
import type { SignedRequest } from "@festina/fastchain";
import type { Hash32 } from "@festina/primitives";

type Statement = Pick<SignedRequest, "kind" | "epoch" | "view">;

const NO_BLOCK = "no block";

/** A proposal is its leader's PREPARE: the same words, signed under the same tag. */
export const statementKind = (kind: SignedRequest["kind"]): string => (kind === "prePrepare" ? "prepare" : kind);

export class Statements {
  readonly #known = new Map<string, string>();
  /** Processes that signed what nobody honest signs together. */
  readonly guilty = new Set<number>();

  /** @param blockHash `null` for a VIEW-CHANGE */
  add(process: number, { kind, epoch, view }: Statement, blockHash: Hash32 | null): void {
    const place = `${process} ${epoch}/${view}`;
    const said = blockHash ?? NO_BLOCK;
    const key = `${place} ${statementKind(kind)}`;
    const before = this.#known.get(key);
    if (before === undefined) this.#known.set(key, said);
    else if (before !== said) this.guilty.add(process);
    if (this.#known.has(`${place} commit`) && this.#known.has(`${place} viewChange`)) this.guilty.add(process);
  }
}
