// One thing that happened in a run, as an explanation shows it.

export interface TraceLine {
  readonly atMs: number;
  /** The member it happened to; -1 for the world. */
  readonly who: number;
  readonly what: string;
  /** Sender, where a message arrived. */
  readonly from: number | null;
}

const ARRIVAL = /^< (\d+) (.*)$/;

/** From what a world tells its listener. */
export function toTraceLine(atMs: number, who: number, what: string): TraceLine {
  const arrival = ARRIVAL.exec(what);
  if (arrival === null) return { atMs, who, what, from: null };
  return { atMs, who, what: arrival[2] ?? "", from: Number(arrival[1]) };
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(3).padStart(8)} s`;

export type NameOf = (who: number) => string;

/** Members come first, then miners. */
export const nameOfProcess =
  (members: number): NameOf =>
  (who) =>
    who < 0 ? "world" : who < members ? `member ${who}` : `miner ${who - members}`;

/** Readable: when, who, what. */
export function printTraceLine({ atMs, who, what, from }: TraceLine, nameOf: NameOf): string {
  const said = from === null ? what : `hears ${what} from ${from}`;
  return `${seconds(atMs)}  ${nameOf(who).padEnd(9)} ${said}`;
}
