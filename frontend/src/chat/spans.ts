// What was found in a text, as pieces to show and as a text without it. Offsets are UTF-16.

import type { Found } from "../guard/found";
import type { Pair } from "./harmless";

export type Shown = { is: "words"; text: string } | { is: "found"; text: string; found: Found };

export interface Withdrawn {
  text: string;
  harmless: Pair[]; // the kept spans, where they stand now
}

const BESIDE = 32; // characters of context on each side
const SAMPLE = 28; // of what was found

/** Return the text around what was found, shortened, so that its author knows it again. */
export function excerpt(text: string, found: readonly Found[]): Shown[] {
  const shown: Shown[] = [];
  let at = 0;
  for (const one of found) {
    shown.push({ is: "words", text: between(text, at, one.start) });
    shown.push({ is: "found", text: sample(text.slice(one.start, one.end)), found: one });
    at = one.end;
  }
  shown.push({ is: "words", text: between(text, at, text.length) });
  return shown.filter((piece) => piece.text !== "");
}

/**
 * Return the text with each span cut out and words in its place, set apart by spaces: glued to
 * "password=" they would read as a password.
 */
export function without(
  text: string,
  cut: readonly Found[],
  kept: readonly Pair[],
  words: (found: Found) => string,
): Withdrawn {
  const isApart = ([start, end]: Pair): boolean =>
    !cut.some((found) => found.start < end && start < found.end);
  let made = "";
  let at = 0;
  const harmless: Pair[] = [];
  const spans = [
    ...cut.map((found) => ({ start: found.start, end: found.end, found })),
    ...kept.filter(isApart).map(([start, end]) => ({ start, end, found: null })),
  ].sort((a, b) => a.start - b.start);
  for (const { start, end, found } of spans) {
    made += text.slice(at, start);
    at = end;
    if (!found) {
      harmless.push([made.length, made.length + end - start]);
      made += text.slice(start, end);
      continue;
    }
    const before = made === "" || /\s$/.test(made) ? "" : " ";
    const after = end === text.length || /\s/.test(text.charAt(end)) ? "" : " ";
    made += `${before}[${words(found)}]${after}`;
  }
  return { text: made + text.slice(at), harmless };
}

function between(text: string, start: number, end: number): string {
  const words = text.slice(start, end);
  const [first, last] = [start === 0, end === text.length];
  if (words.length <= (first || last ? BESIDE : 2 * BESIDE)) return words;
  const head = first ? "" : cutAfter(words, BESIDE);
  const tail = last ? "" : cutBefore(words, BESIDE);
  return `${head}…${tail}`;
}

function sample(words: string): string {
  return words.length <= SAMPLE ? words : `${cutAfter(words, SAMPLE)}…`;
}

/** Return the beginning of words, never half a character. */
function cutAfter(words: string, length: number): string {
  return words.slice(0, length).replace(/[\ud800-\udbff]$/, "");
}

function cutBefore(words: string, length: number): string {
  return words.slice(-length).replace(/^[\udc00-\udfff]/, "");
}
