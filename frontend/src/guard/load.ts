// Brings the guard's engine and word lists to the page, once, when a text first calls for them.

import type { Scan } from "./found";

/** Where the engine and the words are, as the page was told. */
export type Addresses = readonly [engine: string, words: string];

let coming: Promise<Scan> | undefined;
let tries = 0;

/** Return the look for secrets. Rejects without a network; the next call tries again. */
export function loadGuard(from: Addresses): Promise<Scan> {
  coming ??= bring(from, next()).catch((failure: unknown) => {
    coming = undefined;
    throw failure;
  });
  return coming;
}

/** Return what makes an address a new one: browsers remember those that failed. */
function next(): string {
  return tries++ ? `?${tries}` : "";
}

async function bring([engine, words]: Addresses, more: string): Promise<Scan> {
  const [made, known] = await Promise.all([
    import(engine + more) as Promise<typeof import("./engine")>,
    import(words + more) as Promise<typeof import("pack:words")>,
  ]);
  return made.engine(known.default);
}
