// How `frontend/pack.mjs` squeezes lists, and how they are read: sorted words by what they share,
// and where a word finds its rows in a table of `lexicon.ts`.

/** Return the words of a sorted list, each written as a capital, for what it shares with the last
 * (A: nothing), and the rest. */
export function unfronted(list: string): string[] {
  let last = "";
  return (list.match(/[A-Z][^A-Z]*/g) ?? []).map((written) => {
    return (last = last.slice(0, written.charCodeAt(0) - 65) + written.slice(1));
  });
}

/** Return 32 bits that stand for a word. */
export function fingerprint(word: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < word.length; at += 1) hash = mixed(hash ^ word.charCodeAt(at));
  return hash;
}

/** Return a word's rows: the bits, from `start` on, and what its answer is masked with. */
export function spread(
  hash: number,
  size: number,
  width: number,
): { start: number; bits: [number, number]; mask: number } {
  return {
    start: (mixed(hash + 1) >>> 0) % (size - 63),
    bits: [(mixed(hash + 2) | 1) >>> 0, mixed(hash + 3) >>> 0],
    mask: mixed(hash + 4) & ((1 << width) - 1),
  };
}

function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return bits ^ (bits >>> 16);
}
