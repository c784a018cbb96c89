// Something that happens to the member: the same to the model and to the core, after which both must have said the same.
import type fc from "fast-check";
import type { MemberUnderTest } from "./memberUnderTest.ts";
import { BYZANTINE, type VotingModel } from "./votingModel.ts";

export type Command = fc.Command<VotingModel, MemberUnderTest>;

const describe = (signed: readonly string[], view: number | string, height: number): string =>
  `${[...signed].sort().join(", ")}; view ${view}, height ${height}`;

function compare(model: VotingModel, real: MemberUnderTest): void {
  const { core } = real;
  const expected = describe(model.signed, model.hasEnded ? "ended" : model.view, model.committedHeight);
  const found = describe(real.signed, core.hasEnded ? "ended" : core.view, core.committedHeight);
  if (found !== expected) throw new Error(`the model signs ${expected}\nthe core signs ${found}`);
  for (const member of real.accused) if (member !== BYZANTINE) throw new Error(`member ${member} is accused`);
  model.signed = [];
  real.signed = [];
}

export abstract class Happening implements Command {
  abstract isPossible(model: Readonly<VotingModel>): boolean;
  abstract happen(model: VotingModel, real: MemberUnderTest): void;
  abstract toString(): string;

  check(model: Readonly<VotingModel>): boolean {
    return !model.hasEnded && this.isPossible(model);
  }

  run(model: VotingModel, real: MemberUnderTest): void {
    this.happen(model, real);
    // A leader that lacked certificates tries again now and then.
    model.propose();
    real.feed({ kind: "timerElapsed", timer: "retry", view: real.core.view, nowMs: 0 });
    compare(model, real);
  }
}

/** One that was drawn: which of its kind it is. */
export abstract class DrawnHappening<Draw> extends Happening {
  protected readonly draw: Draw;

  constructor(draw: Draw) {
    super();
    this.draw = draw;
  }
}

/** Views a little behind, at, and a little ahead of ours. */
export const viewNear = (model: Readonly<VotingModel>, offset: number): number => Math.max(1, model.view + offset - 1);
