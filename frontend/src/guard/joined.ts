// Recovery phrases written without separators: Chinese characters, and words run together.

import { bip39 } from "./checks";
import type { Cue } from "./compounds";
import { PHRASE } from "./edges";
import type { Found } from "./found";
import { chineseLists, listsOf } from "./lexicon";
import { PACK } from "./pack";
import { anywhere, endOf, matchAt, matches, sticky } from "./pattern";
import type { Reading } from "./reading";
import { span } from "./spans";

const P = PACK.words;
const HAN = anywhere("[\u3400-\u9fff](?:[ ,.、/|\\-]{0,2}[\u3400-\u9fff]){11,60}");
const NOT_HAN = /[^\u3400-\u9fff]+/g;
const ONE_HAN = /[\u3400-\u9fff]/;
const LONG = anywhere("[a-z]{30,400}|[\u3041-\u30ff]{24,400}|[\uac00-\ud7a3]{20,200}");
const LINE_BEFORE = /(?:^|[\n:])[ "']*(?=\n?$)/;
const LINE_AFTER = sticky("[ \"'。]*(?:(?=\\n?$)|\\n)");
const LETTERS = 11;
const CLAUSES = 4;
const GROUPS = [1, 2, 3, 4, 6, 12];

/** Return phrases whose words nothing parts. */
export function findJoined(reading: Reading): Found[] {
  const { low } = reading;
  const found: Found[] = [];
  for (const match of matches(LONG, low)) {
    found.push(...segmented(reading, match.index, endOf(match)));
  }
  if (!ONE_HAN.test(low)) return found;
  for (const match of matches(HAN, low)) {
    const [start, end] = [match.index, endOf(match)];
    const cues = reading.between(PHRASE, start - 40, end).slice(0, 4);
    const signs = match[0].replace(NOT_HAN, "");
    if (cues.length) found.push(...chinese(reading, start, end, cues));
    else if (P.checked_sizes.includes(signs.length) && isLone(low, start, end, signs)) {
      found.push(span(start, end, "mnemonic", String(signs.length)));
    }
  }
  return found;
}

function isLone(low: string, start: number, end: number, signs: string): boolean {
  if (!fillsLine(low, start, end) || isSentence(low.slice(start, end))) return false;
  return passes(signs, P.frequent_alone);
}

/** Return the list words that stand end to end from the start of a long word, or after a cue. */
function segmented(reading: Reading, start: number, end: number): Found[] {
  const text = reading.low.slice(start, end);
  const starts = new Set([0]);
  for (const cue of reading.between(PHRASE, start - 40, end).slice(0, 4)) {
    if (start < cue.end && cue.end < end) starts.add(cue.end - start).add(cue.end - start + 1);
  }
  for (const first of inOrder(starts)) {
    const counts = new Map([[first, 0]]);
    let last = first;
    for (let at = first; at <= last; at += 1) {
      const count = counts.get(at);
      if (count === undefined) continue;
      for (let size = 3; size <= Math.min(LETTERS, text.length - at); size += 1) {
        if ((counts.get(at + size) ?? -1) > count || !listsOf(text.slice(at, at + size))) continue;
        counts.set(at + size, count + 1);
        last = Math.max(last, at + size);
      }
    }
    const count = counts.get(last) ?? 0;
    if (count >= P.alone) return [span(start + first, start + last, "mnemonic", String(count))];
  }
  return [];
}

function inOrder(numbers: Iterable<number>): number[] {
  return [...numbers].sort((one, other) => one - other);
}

/**
 * Return the phrase in text[start:end]: an announced one, or the whole line; checksum right.
 *
 * A sentence of the right length passes the checksum once in 16. The lists begin with the most
 * frequent characters, so a phrase must have few from their first quarter, a sentence has many;
 * without a cue it must also fill its line.
 */
function chinese(reading: Reading, start: number, end: number, cues: readonly Cue[]): Found[] {
  const { low } = reading;
  const places: number[] = [];
  for (let at = start; at < end; at += 1) if (ONE_HAN.test(low.charAt(at))) places.push(at);
  const isParted = (at: number) => at > 0 && (places[at] ?? 0) - (places[at - 1] ?? 0) > 1;
  const clauses = [...places.keys()].filter(isParted).slice(0, CLAUSES);
  const told = cues.map((cue) => firstAfter(places, low, cue.end));
  const starts = new Set([0, ...told, ...clauses]);
  for (const first of inOrder(starts)) {
    const rest = places.slice(first);
    const head = rest[0] ?? 0;
    const isAnnounced = rest.length > 0 && cues.some((cue) => cue.end <= head);
    const share = isAnnounced ? P.frequent_announced : P.frequent_alone;
    const isAlone = isAnnounced || clauses.includes(first);
    for (const size of isAlone ? P.checked_sizes : [rest.length]) {
      if (!P.checked_sizes.includes(size) || size > rest.length) continue;
      if (!isAlone && !fillsLine(low, head, (rest.at(-1) ?? 0) + 1)) continue;
      const own = rest.slice(0, size);
      if (isSentence(low.slice(head, (own.at(-1) ?? 0) + 1))) continue;
      if (isWhole(rest, size) && passes(own.map((at) => low.charAt(at)).join(""), share)) {
        return [span(head, (own.at(-1) ?? 0) + 1, "mnemonic", String(size))];
      }
    }
  }
  return [];
}

/** Return whether separators part it into pieces of a length that nobody groups words in. */
function isSentence(written: string): boolean {
  const pieces = written.split(NOT_HAN);
  return pieces.length > 1 && pieces.some((piece) => !GROUPS.includes(piece.length));
}

/** Return the index of the first character after a cue and its copula. */
function firstAfter(places: readonly number[], low: string, at: number): number {
  let first = places.findIndex((place) => place >= at);
  if (first < 0) return places.length;
  const isCopula = () => "是为為就：".includes(low.charAt(places[first] ?? 0));
  while (first < places.length && isCopula()) first += 1;
  return first;
}

/** Return whether the phrase ends where the line, the clause or the writing does. */
function isWhole(places: readonly number[], size: number): boolean {
  return places.length === size || (places[size] ?? 0) - (places[size - 1] ?? 0) > 1;
}

/** Return whether the line holds nothing else, or only words that end in a colon before it. */
function fillsLine(low: string, start: number, end: number): boolean {
  const before = low.slice(Math.max(0, start - 8), start);
  return LINE_BEFORE.test(before) && matchAt(LINE_AFTER, low, end) !== null;
}

/** Return whether they are a phrase in one of the lists, no more than share of them frequent. */
function passes(characters: string, share: number): boolean {
  return chineseLists().some((numbers) =>
    isChecked([...characters].map((one) => numbers.get(one) ?? -1), share),
  );
}

/** Return whether the list positions carry a valid BIP-39 checksum and are spread out. */
function isChecked(numbers: readonly number[], share: number): boolean {
  const frequent = numbers.filter((number) => number < P.frequent).length;
  if (Math.min(...numbers) < 0 || frequent > share * numbers.length) return false;
  return bip39(numbers);
}
