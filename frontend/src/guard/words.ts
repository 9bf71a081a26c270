// The words of a text as the lists of recovery phrases know them, and what may part them.
//
// Steps: docs/guard.md, section 4.

import { bip39 } from "./checks";
import { isCommon, isEnglish, isStart, isStrict, listsOf, wholeLists } from "./lexicon";
import { PACK } from "./pack";
import { anyOf, anywhere, matchAt, matches, sticky, whole } from "./pattern";

const P = PACK.words;
const HAN = "\u3400-\u9fff";
const KANA = "\u3041-\u30ff";
const HANGUL = "\uac00-\ud7a3";
const NUMERAL = `[${P.han_numerals}]{1,3}[、.:：)）,]`;
const NUMERALS = anywhere(NUMERAL);
const NUMERAL_HERE = sticky(NUMERAL);
const LABELS = anyOf(new Set(P.labels));
const COUNTS = anyOf(P.ordinals);
const SPELLED = `[a-z]{2,}|[${HANGUL}]+|[${KANA}]{2,}`;
const WORD = anywhere(SPELLED);
const SIGN = anywhere(`${SPELLED}|(?<![${HAN}])[${HAN}]|[${HAN}](?![${HAN}])`);
const SINGLE = anywhere(`(?<![${HAN}])[${HAN}](?![${HAN}])`);
const GAP = whole(
  `(?:[\\s0-9.,;:|/\\\\_*#()\\[\\]\\{\\}"'<>+=·、。~!&?→>\\-]` +
    `|[${P.han_numerals}]|(?:${LABELS}|${COUNTS})(?![a-z]))*`,
);
const NOISE = anywhere(`[0-9\\s()\\[\\]#.:${P.han_numerals}]+|${COUNTS}`);
const COUNTING = anywhere(`[0-9\\s${P.han_numerals}]+|(?:${LABELS}|${COUNTS})(?![a-z])`);
const LABEL_WORDS = new Set(P.labels);
const ORDINALS = new Set(P.ordinals);
const NUMBERED = /[0-9][.):]{1,2} ?(?=\n?$)/;
const JOIN_WORDS = new Set(P.and);
const JOINED = /(?<=[1-5]{3})0{1,2}(?=[125])/g; // in the ranks
const ENGLISH = 1 << P.lists.indexOf("bip39_english");
const LATIN = P.lists.reduce((bits, name, at) => {
  return /japanese|korean|chinese/.test(name) ? bits : bits | (1 << at);
}, 0);
const NUMBERING = 3;
const NEAR = 40;

/** One word of the text and what the lists say of it: 2 on a list, 1 a list word's start. */
export interface Token {
  start: number;
  end: number;
  rank: number;
}

/** Tokens [first, end), of which some are on no list. */
export interface Run {
  first: number;
  end: number;
  unknown: number;
}

/** Return what the lists say of a word; NUMBERING more for a word that may number the others. */
function rankOf(word: string, byStrict: boolean): number {
  const isListed = byStrict ? isStrict(word) : listsOf(word) !== 0;
  if (LABEL_WORDS.has(word) || ORDINALS.has(word)) return NUMBERING + (isListed ? 2 : 0);
  if (isListed) return 2;
  return !byStrict && isStart(word) ? 1 : 0;
}

/**
 * Return the words near rows of list words, none where there is no row.
 * byStrict: by the lists that hold common words.
 */
export function readWords(low: string, byStrict = false): Token[] {
  const singles = /[^\0-\x7f]/.test(low) && matches(SINGLE, low).length >= P.row;
  const tokens = matches(singles ? SIGN : WORD, low).map(({ index, 0: word }) => ({
    start: index,
    end: index + word.length,
    rank: rankOf(word, byStrict),
  }));
  if (tokens.length < P.with_cue) return [];
  if (byStrict && tokens.filter((token) => token.rank).length < P.alone) return [];
  return counting(low, unjoined(low, nearRows(tokens)));
}

/** Return the words near rows of words that have a rank. */
function nearRows(tokens: readonly Token[]): Token[] {
  const near: Token[] = [];
  let taken = 0;
  for (let first = 0; first < tokens.length; first += 1) {
    let end = first;
    while (tokens[end]?.rank) end += 1;
    if (end - first >= P.row) {
      const last = Math.min(tokens.length, end + NEAR);
      near.push(...tokens.slice(Math.max(taken, first - NEAR), last));
      taken = last;
    }
    first = end;
  }
  return near;
}

/** Return the words without those that join the last word of a row to the others: `and`. */
function unjoined(low: string, tokens: readonly Token[]): readonly Token[] {
  const joins = new Set<number>();
  for (const match of matches(JOINED, tokens.map((token) => token.rank).join(""))) {
    for (let at = match.index; at < match.index + match[0].length; at += 1) {
      const token = tokens[at];
      if (token && JOIN_WORDS.has(low.slice(token.start, token.end))) joins.add(at);
    }
  }
  return joins.size ? tokens.filter((_, at) => !joins.has(at)) : tokens;
}

/** Return the words that count: those left out that only number or label the others. */
function counting(low: string, tokens: readonly Token[]): Token[] {
  const enough = P.cue_sizes[0] ?? 0;
  const words = tokens.map(({ start, end }) => low.slice(start, end));
  const isCounted = words.filter((word) => ORDINALS.has(word)).length >= enough;
  const isNumbered = matches(NUMERALS, low).length >= enough;
  const found: Token[] = [];
  tokens.forEach((token, at) => {
    const word = words[at] ?? "";
    if (token.rank >= NUMBERING) {
      if (word.length <= 8 && LABEL_WORDS.has(word) && isLabel(low, token)) return;
      if (isCounted && ORDINALS.has(word)) return;
    }
    if (isNumbered && matchAt(NUMERAL_HERE, low, token.start)) return;
    found.push({ ...token, rank: token.rank % NUMBERING });
  });
  return found;
}

function isLabel(low: string, { start, end }: Token): boolean {
  // `6. number` is the sixth word.
  if (NUMBERED.test(low.slice(Math.max(0, start - 5), start))) return false;
  const after = low.slice(end, end + 3).replace(/^[ #_.-]+/, "");
  const before = low.charAt(start - 1);
  return (
    /^[0-9]/.test(after) ||
    low.charAt(end) === ">" ||
    (before !== "" && "</&".includes(before)) ||
    (/[0-9]/.test(before) && end - start <= 2)
  );
}

/** Return whether gap can stand between two words of one phrase. */
export function isGap(gap: string): boolean {
  return 0 < gap.length && gap.length <= P.gap_length && GAP.test(gap);
}

/** Return the separator without numbering and spaces. */
export function style(gap: string): string {
  return gap.replace(NOISE, "");
}

/** Return the separator without numbering and spaces, but with its signs and line break. */
export function form(gap: string): string {
  return gap.replace(COUNTING, "") + (gap.includes("\n") ? "\n" : "");
}

/** Return the separator with all numbers alike. */
export function bare(gap: string): string {
  return gap.replace(/[0-9]/g, "0");
}

export function areCapital(plain: string, own: readonly Token[]): boolean {
  return own.every((token) => isUpper(plain.charAt(token.start)));
}

/** Return whether text has letters in capitals and none else. */
export function isUpper(text: string): boolean {
  return text === text.toUpperCase() && text !== text.toLowerCase();
}

/** Return what stands between each two words. */
export function gapsOf(low: string, own: readonly Token[]): string[] {
  return own.slice(1).map((token, at) => low.slice(own[at]?.end, token.start));
}

export function counted<Value>(values: Iterable<Value>): Map<Value, number> {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, place) => from + place);
}

/** Return the value that is there most often, of several the first. */
export function mostFrequent(values: readonly string[]): string {
  const counts = [...counted(values)];
  return counts.reduce((most, one) => (one[1] > most[1] ? one : most), ["", 0])[0];
}

/** Return the two neighbouring numbers that are farthest apart. */
export function widest(numbers: readonly number[]): [number, number] {
  let best: [number, number] = [numbers[0] ?? 0, numbers[1] ?? 0];
  numbers.slice(1).forEach((to, place) => {
    const from = numbers[place] ?? 0;
    if (to - from > best[1] - best[0]) best = [from, to];
  });
  return best;
}

/** Return the share of the most frequent separator. */
export function regularity(low: string, own: readonly Token[]): number {
  const styles = counted(gapsOf(low, own.slice(0, P.sample)).map(style));
  const total = own.slice(0, P.sample).length - 1;
  return total > 0 ? Math.max(...styles.values()) / total : 0;
}

/** Return the lists that most of the words are on. */
export function languagesOf(low: string, own: readonly Token[]): number {
  const counts = P.lists.map(() => 0);
  for (const token of own.slice(0, P.sample)) {
    const mask = listsOf(low.slice(token.start, token.end)) | Number(token.rank === 1);
    counts.forEach((count, bit) => (counts[bit] = count + ((mask >> bit) & 1)));
  }
  const most = Math.max(...counts);
  const isMost = (count: number) => count > 0 && count * 4 >= most * 3;
  return counts.reduce((bits, count, bit) => (isMost(count) ? bits | (1 << bit) : bits), 0);
}

/**
 * Return whether the words are a whole phrase of one list with the right checksum, null where that
 * cannot be told: of lists that are here as tables only.
 */
export function isChecked(words: readonly string[]): boolean | null {
  if (!P.checked_sizes.includes(words.length)) return false;
  const list = wholeLists().find((places) => words.every((word) => places.has(word)));
  if (list) return bip39(words.map((word) => list.get(word) ?? 0));
  return words.map(listsOf).reduce((common, lists) => common & lists) ? null : false;
}

/**
 * Return whether one letter added, dropped, changed or swapped makes word an English list word; in
 * other scripts, dropped or swapped, a word on one of the languages' lists. Beside words of other
 * Latin lists, of which the tables would say yes too often, any word of three letters counts.
 */
export function isNear(word: string, languages: number): boolean {
  if (word.length > P.longest_word) return false;
  const isLatin = word.charAt(0) <= "z";
  if (isLatin && !(languages & ENGLISH)) return word.length > 2 && (languages & LATIN) !== 0;
  const isListed = isLatin ? isEnglish : (one: string) => (listsOf(one) & languages) !== 0;
  for (let at = 0; at <= word.length; at += 1) {
    const [head, tail] = [word.slice(0, at), word.slice(at)];
    const swapped = head + tail.slice(1, 2) + tail.slice(0, 1) + tail.slice(2);
    if (isListed(head + tail.slice(1)) || isListed(swapped)) return true;
    for (const letter of isLatin ? "abcdefghijklmnopqrstuvwxyz" : "") {
      if (isListed(head + letter + tail)) return true;
      if (tail && isListed(head + letter + tail.slice(1))) return true;
    }
  }
  return false;
}

/** Return the share of words that sentences are full of. */
export function commonShare(low: string, own: readonly Token[]): number {
  return own.filter((token) => isCommon(low.slice(token.start, token.end))).length / own.length;
}

/** Return the token at a place that there is. */
export function at(tokens: readonly Token[], place: number): Token {
  return tokens[place] as Token;
}

export function wordOf(low: string, token: Token): string {
  return low.slice(token.start, token.end);
}
