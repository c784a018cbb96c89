/** From now on an interruption ends a sitting in good order instead of the process. */
export function hearInterruptions(): () => boolean {
  let isInterrupted = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => (isInterrupted = true));
  return () => isInterrupted;
}
