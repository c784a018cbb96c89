import type { Hash32 } from "@festina/primitives";
import { createPrng } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import {
  initialTasks,
  type PlanEffect,
  type PlanInput,
  StatePlan,
  type StateRequest,
  type StateTask,
  taskName,
} from "../../../src/sync/snapshot/statePlan.ts";

const hash = (index: number): Hash32 => `0x${index.toString(16).padStart(64, "0")}` as Hash32;
const requestsOf = (effects: readonly PlanEffect[]): StateRequest[] =>
  effects.flatMap((effect) => (effect.kind === "request" ? [effect.request] : []));

/** A plan with what it has asked for and not been answered. */
class Desk {
  readonly plan: StatePlan;
  open: StateRequest[] = [];
  readonly effects: PlanEffect[] = [];

  constructor(tasks: readonly StateTask[] = initialTasks()) {
    this.plan = new StatePlan(tasks);
  }

  step(input: PlanInput): readonly PlanEffect[] {
    const effects = this.plan.step(input);
    this.effects.push(...effects);
    this.open.push(...requestsOf(effects));
    return effects;
  }

  take(index = 0): StateRequest {
    const [request] = this.open.splice(index, 1);
    if (request === undefined) throw new Error("nothing is asked for");
    return request;
  }

  of(kind: PlanEffect["kind"]): readonly PlanEffect[] {
    return this.effects.filter((effect) => effect.kind === kind);
  }
}

describe("StatePlan", () => {
  it("fetches everything that is found, in any order of answers, failures and departures", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = createPrng(seed);
      const desk = new Desk();
      const saved = new Map(initialTasks().map((task) => [taskName(task), task]));
      let nowMs = 0;
      let found = 0;
      for (const peer of ["a", "b", "c"]) desk.step({ kind: "peerCame", peer });
      for (let step = 0; desk.of("done").length === 0; step++) {
        expect(step).toBeLessThan(20_000);
        const draw = random.below(20);
        if (draw === 0) {
          const peer = ["a", "b", "c"][random.below(3)] as string;
          desk.step({ kind: "peerLeft", peer });
          desk.open = desk.open.filter((request) => request.peer !== peer);
          desk.step({ kind: "peerCame", peer });
        }
        nowMs += 300;
        desk.step({ kind: "tick", nowMs });
        if (desk.open.length === 0) continue;
        const request = desk.take(random.below(desk.open.length));
        if (draw < 4) {
          desk.step({ kind: "failed", id: request.id, why: "busy", nowMs });
          continue;
        }
        const answered = 1 + random.below(request.tasks.length);
        const rests = request.tasks
          .slice(0, answered)
          .map(() => (random.below(3) === 0 ? new Uint8Array(32).fill(1) : null));
        const isAccounts = request.tasks[0]?.kind === "accounts";
        const tasks: StateTask[] =
          isAccounts && found < 60
            ? [
                { kind: "slots", root: hash(++found), from: new Uint8Array(32) },
                { kind: "code", hash: hash(++found) },
              ]
            : [];
        const effects = desk.step({ kind: "answered", id: request.id, rests, found: tasks });
        for (const effect of effects) {
          if (effect.kind !== "saveTasks") continue;
          for (const task of effect.done) expect(saved.delete(taskName(task))).toBe(true);
          for (const task of effect.changed) saved.set(taskName(task), task);
        }
      }
      // What lies on disk is what is left: nothing.
      expect([...saved.keys()]).toEqual([]);
      expect(desk.plan.share).toBe(1);
    }
  });

  it("asks several peers at once, and none for more than it may", () => {
    const desk = new Desk();
    for (const peer of ["a", "b", "c"]) desk.step({ kind: "peerCame", peer });
    expect(desk.open.map(({ peer }) => peer).sort()).toEqual(["a", "a", "a", "b", "b", "b", "c", "c", "c"]);
    expect(new Set(desk.open.flatMap(({ tasks }) => tasks.map(taskName))).size).toBe(9);
  });

  it("asks a liar no more and gives its work to others", () => {
    const desk = new Desk();
    desk.step({ kind: "peerCame", peer: "liar" });
    const request = desk.take();
    desk.step({ kind: "peerCame", peer: "honest" });
    desk.open = desk.open.filter(({ peer }) => peer === "honest");
    const effects = desk.step({ kind: "failed", id: request.id, why: "forged", nowMs: 1 });
    expect(effects).toContainEqual({ kind: "blame", peer: "liar", why: "forged" });
    desk.step({ kind: "peerCame", peer: "liar" });
    desk.step({ kind: "tick", nowMs: 10_000 });
    while (desk.of("done").length === 0) {
      const next = desk.take();
      expect(next.peer).toBe("honest");
      desk.step({ kind: "answered", id: next.id, rests: [null], found: [] });
    }
    expect(desk.of("done")).toHaveLength(1);
  });

  it("drops the silent while others answer, and bears with the only peer", () => {
    const silence = (others: readonly string[]): Desk => {
      const desk = new Desk([{ kind: "code", hash: hash(1) }]);
      desk.step({ kind: "peerCame", peer: "slow" });
      for (let round = 1; round <= 4; round++) {
        const slow = desk.open.findIndex(({ peer }) => peer === "slow");
        if (slow < 0) break;
        const request = desk.take(slow);
        if (round === 2) for (const peer of others) desk.step({ kind: "peerCame", peer });
        desk.step({ kind: "failed", id: request.id, why: "silent", nowMs: round * 10_000 });
        desk.step({ kind: "tick", nowMs: round * 10_000 + 5_000 });
      }
      return desk;
    };
    expect(silence([]).of("blame")).toEqual([]);
    expect(silence(["other"]).of("blame")).toEqual([{ kind: "blame", peer: "slow", why: "silent" }]);
  });

  it("says so when nobody has the state", () => {
    const desk = new Desk();
    desk.step({ kind: "peerCame", peer: "a" });
    desk.step({ kind: "peerCame", peer: "b" });
    while (desk.open.length > 0) desk.step({ kind: "failed", id: desk.take().id, why: "lacking", nowMs: 1 });
    expect(desk.of("unserved").length).toBeGreaterThan(0);
  });
});
