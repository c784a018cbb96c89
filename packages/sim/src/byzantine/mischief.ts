// What the classes of dishonest members know of the level that they live on: each rewrites what its honest code would send,
// and signs with its own key only.
import type { SignatureSuite, SigningContext } from "@festina/crypto";
import type { SignedRequest } from "@festina/fastchain";
import type { Address, Hash32 } from "@festina/primitives";
import type { Certificate, Committee, PrePrepare, Vote } from "@festina/types";
import type { Dice } from "../world/streams.ts";

/** What consensus is made of. */
export type Statement =
  | { readonly kind: "prePrepare"; readonly message: PrePrepare }
  | { readonly kind: "vote"; readonly vote: Vote }
  | { readonly kind: "certificate"; readonly certificate: Certificate };

/** Everything else: `supply` hands blocks and certificates to who asked for them, `talk` is questions, heads and the like. */
export type OtherKind = "supply" | "talk";

/** In place of something else: a statement, the thing itself, or the thing with wrong bytes in it. */
export type Instead = Statement | "itself" | "garbled";

export interface Mischief {
  readonly name: string;
  /** What goes out to process `to` instead of the statement. */
  rewrite(statement: Statement, to: number, tools: MischiefTools): readonly Instead[];
  /** What goes out instead of anything else: the thing itself when absent. */
  rewriteOther?(kind: OtherKind, to: number, tools: MischiefTools): readonly Instead[];
}

export interface MischiefTools {
  readonly world: MischiefWorld;
  /** Its process. */
  readonly index: number;
  readonly secretKey: Uint8Array;
  readonly dice: Dice;
}

/** Another valid block in the place of a proposed one, or one whose roots nobody finds. */
export type BlockChange = "another" | "wrongRoot";

export interface ChangedBlock {
  readonly hash: Hash32;
  readonly envelope: Uint8Array;
}

export interface MischiefWorld {
  readonly suite: SignatureSuite;
  /** Processes that may break rules. */
  readonly faulty: ReadonlySet<number>;
  /** `undefined` where nobody knows it yet. */
  committee(epoch: number): Committee | undefined;
  context(epoch: number): SigningContext;
  /** Process of a validator, by its owner. */
  processOf(owner: Address): number | undefined;
  /** Somebody dishonest signs with its bare key. */
  onForged(index: number, request: SignedRequest): void;
  /** `null` when there is nothing to change. */
  changeBlock(message: PrePrepare, change: BlockChange, dice: Dice): ChangedBlock | null;
  /**
   * A proposal of process `index`, unsigned, on the newest final block that it knows, while another block at that height
   * is being voted on in the view before; `null` where that cannot be.
   */
  makeRival(index: number, voted: Vote, dice: Dice): PrePrepare | null;
}
