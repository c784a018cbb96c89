// Answers that are there at once wherever nothing has to be waited for: a block of transactions is then one piece of work,
// without promises for each of them.

export type MaybeLate<Answer> = Answer | Promise<Answer>;

export const isLate = <Answer>(answer: MaybeLate<Answer>): answer is Promise<Answer> =>
  typeof answer === "object" && answer !== null && "then" in answer;
