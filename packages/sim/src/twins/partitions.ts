// Ways to split processes into groups that hear each other.

/** The group of each process. */
export type Partition = readonly number[];

/** Every partition of `processes` processes, in a fixed order: each process joins a group that exists or founds the next. */
export function listPartitions(processes: number): readonly Partition[] {
  let found: number[][] = [[]];
  for (let process = 0; process < processes; process++) {
    found = found.flatMap((groups) => {
      const next = groups.reduce((most, group) => Math.max(most, group + 1), 0);
      return Array.from({ length: next + 1 }, (_, group) => [...groups, group]);
    });
  }
  return found;
}
