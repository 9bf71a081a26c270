// The guard's engine: finds in the browser what the server's would. Loaded when first needed.

import { flatten, origin } from "./fold";
import type { Found, Scan } from "./found";
import { type Packed, learn } from "./lexicon";
import { find } from "./rules";

/** Return the look for secrets with these word lists. */
export function engine(words: Packed): Scan {
  learn(words);
  return (text, harmless = []) => {
    const flat = flatten(text);
    const spans = find(flat).map((span) => origin(flat, span));
    return spans.filter((span) => !isHarmless(span, harmless));
  };
}

function isHarmless(span: Found, harmless: readonly (readonly [number, number])[]): boolean {
  return span.ambiguous && harmless.some(([start, end]) => start <= span.start && span.end <= end);
}
