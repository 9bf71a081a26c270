const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** Return how long (ms) to wait before try number `tries` (from 0): doubling, half of it by chance. */
export function backoff(tries: number, chance: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 10));
  return ceiling / 2 + (ceiling / 2) * chance();
}
