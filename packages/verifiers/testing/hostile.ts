// For tests: responses that attack whoever reads them, and how much longer a longer one takes.

const SEEDS = [
  ..."1({}[$\\*_-.,:：=/^~≈½aAΣİ \n\t\u00a0\u0301\ud800",
  ..."\\boxed{ \\boxed{1 \\fbox{ \\frac{ \\frac{1}{ \\text{ \\text{a \\approx1 \\( \\$1 _{ {,}".split(
    " ",
  ),
  ..."answer Answer: <answer> </answer> <think> </think> #### 答案: A:".split(" "),
  ...[
    "Answer:\n",
    "\nA:",
    "answer is ",
    "answer is (",
    "answer the is ",
    "Answer (a",
    "# answer\n",
  ],
  ...[
    "1,",
    "1, ",
    "1 ",
    "1 000 ",
    "1.",
    "- 1",
    "1 + ",
    "1 + 1 = ",
    "x=",
    "1e",
    "1/",
    "1 or ",
    "<<1",
  ],
  ...[
    "A ",
    "(A) ",
    "A or ",
    "B.\n",
    "B) x\n",
    "so B ",
    "**B** ",
    "CO2 ",
    "negative ",
    "the ",
    "! ",
  ],
  ...["The answer is 1 + ", "Aa\n\t\u00a0\u0301Σİ\ud800"],
];
const FRAMES: readonly ((flood: string) => string)[] = [
  (flood) => flood,
  (flood) => `Answer: ${flood}`,
  (flood) => `\\boxed{${flood}} 7x B`,
];

export interface Hostile {
  readonly name: string;
  make(size: number): string;
}

/** One thing repeated without end, bare, after an answer mark and in a box. */
export const HOSTILE: readonly Hostile[] = SEEDS.flatMap((seed) =>
  FRAMES.map((frame) => ({
    name: JSON.stringify(frame(`${seed} …`)),
    make: (size: number) => frame(seed.repeat(Math.ceil(size / seed.length))),
  })),
);

/** Four times the input: linear work takes four times as long, quadratic sixteen. */
export const MOST_GROWTH = 9;

/** How often a suspicious growth is measured anew before it is believed. */
const ROUNDS = 6;

/**
 * How many times longer the work takes for four times the size; 0 where it takes less than `floor`
 * milliseconds at `size`, too little to tell growth from noise. Time is the process's own on the
 * CPU, and the least of several: what else the machine does only adds to it. The large size is
 * measured until it fits or the rounds are over; work that is truly quadratic never fits.
 */
export async function growth(
  work: (size: number) => unknown,
  size: number,
  floor: number,
): Promise<number> {
  let small = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run++) {
    small = Math.min(small, await time(work, size));
    if (small < floor) return 0;
  }
  let large = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS && large / small >= MOST_GROWTH; round++) {
    large = Math.min(large, await time(work, 4 * size));
    small = Math.min(small, await time(work, size));
  }
  return large / small;
}

async function time(work: (size: number) => unknown, size: number): Promise<number> {
  const start = process.cpuUsage();
  await work(size);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}
