// SHA-256 at once: the browser's own answers later, and the rules cannot wait.

const ROOTS = constants();

/** Return the 32 bytes of the digest. */
export function sha256(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(((message.length + 72) >> 6) << 6);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, message.length * 8);
  const state = Int32Array.from(ROOTS.square);
  for (let at = 0; at < padded.length; at += 64) digest(view, at, state);
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((word, at) => out.setInt32(at * 4, word));
  return new Uint8Array(out.buffer);
}

function digest(view: DataView, offset: number, state: Int32Array): void {
  const words = new Int32Array(64);
  for (let at = 0; at < 64; at += 1) {
    words[at] = at < 16 ? view.getInt32(offset + at * 4) : next(words, at);
  }
  let [a, b, c, d, e, f, g, h] = [...state] as [
    ...[number, number, number, number],
    ...[number, number, number, number],
  ];
  for (let at = 0; at < 64; at += 1) {
    const big = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const one = (h + big + ((e & f) ^ (~e & g)) + (ROOTS.cube[at] ?? 0) + (words[at] ?? 0)) | 0;
    const small = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const two = (small + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
  }
  [a, b, c, d, e, f, g, h].forEach((word, at) => (state[at] = (state[at] ?? 0) + word));
}

function next(words: Int32Array, at: number): number {
  const early = words[at - 15] ?? 0;
  const late = words[at - 2] ?? 0;
  const one = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
  const two = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
  return ((words[at - 16] ?? 0) + one + (words[at - 7] ?? 0) + two) | 0;
}

function turned(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

/** The first 32 bits behind the point of the square and cube roots of the first primes. */
function constants(): { square: Int32Array; cube: Int32Array } {
  const primes: number[] = [];
  for (let one = 2; primes.length < 64; one += 1) {
    if (primes.every((prime) => one % prime)) primes.push(one);
  }
  const behind = (root: number) => ((root - Math.floor(root)) * 2 ** 32) | 0;
  return {
    square: Int32Array.from(primes.slice(0, 8), (prime) => behind(Math.sqrt(prime))),
    cube: Int32Array.from(primes, (prime) => behind(Math.cbrt(prime))),
  };
}
