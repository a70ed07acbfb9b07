/** The CPU time one line may take before its worker is killed, in milliseconds. CPU time and not
 * the clock's, so that a busy machine gives the same verdict. Verifiers bound themselves far below
 * this: whatever reaches it is our defect. */
export const HARD_CPU_MS = 10_000;
/** The time one line may take by the clock, in milliseconds: for what waits and burns no CPU. Well
 * below the 2 minutes after which an invocation is killed. */
export const HARD_WALL_MS = 45_000;
/** A worker's heap, in MiB: the longest line, parsed to its worst, and what a verifier makes of it. */
export const HEAP_MB = 512;
