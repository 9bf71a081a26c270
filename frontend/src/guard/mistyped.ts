// Cues with two letters swapped, set right: `psasword` is read as `password`.
//
// Only the words of the cues that name a secret, and only where the text holds a value.
// Steps: docs/guard.md, section 2.

import { CUES, PACK, roles } from "./pack";
import { anywhere, endOf, matches, whole } from "./pattern";

const P = PACK.shapes.mistyped;
const LETTER = "a-z\u00df-\u024f\u0400-\u052f";
const WORD = anywhere(`(?<![0-9@._${LETTER}\\-])[${LETTER}]+`);
const LETTERS = anywhere(`[${LETTER}]+`);
const ALL_LETTERS = whole(`[${LETTER}]+`);
const ROLES = roles(...P.roles);

const written = CUES.filter((cue) => cue.roles & ROLES).map((cue) => {
  return cue.written.replace(/\*$/, "").split(/\s+/);
});
/** The words that are right as they are: those of cues, and of the pattern for fillers. */
const known = new Set(P.right);
for (const text of [...CUES.map((cue) => cue.written), PACK.shapes.link.filler]) {
  for (const word of text.match(LETTERS) ?? []) known.add(word);
}
const right = new Map<string, string[][]>();
for (const cue of written) {
  for (const word of cue) {
    const shortest = P.shortest[cue.length > 1 ? 1 : 0];
    if (shortest <= word.length && word.length <= P.longest) enter([word]);
  }
  if (cue.length === 2 && cue.join("").length >= P.pair) enter(cue);
}

function enter(words: string[]): void {
  if (!words.every((word) => ALL_LETTERS.test(word))) return;
  right.set(key(words), [...(right.get(key(words)) ?? []), words]);
}

/** Return what the words have in common with those that have the same letters. */
function key(words: readonly string[]): string {
  return words.length + [...words.join("")].sort().join("");
}

/** Return text, of the same length, with two swapped letters in a cue's word set right. */
export function straightened(low: string): string {
  if (low.length > P.text || !/[0-9]/.test(low)) return low;
  const words = matches(WORD, low);
  words.forEach((match, at) => {
    if (known.has(match[0])) return;
    const word = right.get(key([match[0]]))?.find(([one = ""]) => isSwapped(match[0], one));
    if (word) {
      low = low.slice(0, match.index) + word.join("") + low.slice(endOf(match));
      return;
    }
    for (const first of [at - 1, at]) {
      const [one, two] = [words[first], words[first + 1]];
      if (one && two) low = pair(low, one, two);
    }
  });
  return low;
}

/** Return text with a cue of two words that stands there set right. */
function pair(low: string, one: RegExpExecArray, two: RegExpExecArray): string {
  if (two.index - endOf(one) !== 1) return low;
  const said = [low.slice(one.index, endOf(one)), low.slice(two.index, endOf(two))] as const;
  const cue = right.get(key(said))?.find(([first = "", second = ""]) => {
    if (said[0] === first) return isSwapped(said[1], second);
    return said[1] === second && isSwapped(said[0], first);
  });
  if (!cue) return low;
  return low.slice(0, one.index) + cue.join(low.charAt(endOf(one))) + low.slice(endOf(two));
}

/** Return whether two neighbouring letters of right stand the other way round in word. */
function isSwapped(word: string, right: string): boolean {
  if (word.length !== right.length) return false;
  const differ = [...word].flatMap((letter, at) => (letter === right[at] ? [] : [at]));
  const [one = 0, two = 0] = differ;
  if (differ.length !== 2 || two !== one + 1) return false;
  return word[one] === right[two] && word[two] === right[one];
}
