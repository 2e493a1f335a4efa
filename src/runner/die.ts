/** @file The end of a runner whose launcher is gone: nobody is left to run for. */

/** Ends this process by force and, where it leads a process group, what the program started with it. */
export function die(): void {
  try {
    process.kill(-process.pid, "SIGKILL");
  } catch {
    // It leads no group (a terminal's foreground job, or Windows): itself alone.
    process.kill(process.pid, "SIGKILL");
  }
}
