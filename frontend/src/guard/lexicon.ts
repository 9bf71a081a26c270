// The word lists of recovery phrases, squeezed: what may a word be?
//
// All 22,000 words would weigh 60 kB. The English and the Chinese lists are here whole; of the
// others a table tells the family of lists that a word is on, and answers for any other word at
// random: one in 25 passes for a list word. A phrase takes a row. docs/guard.md, "In the browser".

import { fingerprint, spread, unfronted } from "./squeezed";

/** What `frontend/pack.mjs` makes of the word lists. */
export interface Packed {
  /** The English list, for `unfronted`. */
  english: string;
  /** Which of them are on SLIP-39's list as well. */
  shared: PackedNumbers;
  /** Which of them sentences are full of. */
  common: PackedNumbers;
  onEnglish: number;
  onShares: number;
  /** The other words in Latin letters; the answer is a place in `families`. */
  latin: PackedTable;
  shortest: number;
  longest: number;
  /** The lists of each family, a bit for each in the order of the rules. */
  families: readonly number[];
  /** Japanese and Korean words. */
  other: PackedTable;
  japanese: number;
  korean: number;
  /** The lists of common words, which need a cue. */
  strict: PackedTable;
  simplified: number;
  traditional: number;
  /** The simplified list in its order: code points from U+4E00, odd if the other list differs. */
  signs: PackedPairs;
  /** What the traditional list has in those places, in order. */
  others: PackedPairs;
}

/** `size` numbers of `width` bits, as base64. */
export interface PackedNumbers {
  packed: string;
  size: number;
  width: number;
}

/** Numbers below `base`, two in one. */
export interface PackedPairs extends PackedNumbers {
  base: number;
}

export interface PackedTable extends PackedNumbers {
  seed: number;
}

function unpacked({ packed, size, width }: PackedNumbers): number[] {
  const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
  return Array.from({ length: size }, (_, at) => {
    let number = 0;
    for (let bit = 0; bit < width; bit += 1) {
      const place = at * width + bit;
      number |= (((bytes[place >> 3] ?? 0) >> (place & 7)) & 1) << bit;
    }
    return number;
  });
}

function unpaired(pairs: PackedPairs): number[] {
  return unpacked(pairs).flatMap((pair) => [Math.floor(pair / pairs.base), pair % pairs.base]);
}

class Table {
  readonly #rows: readonly number[];
  readonly #packed: PackedTable;

  constructor(packed: PackedTable) {
    this.#packed = packed;
    this.#rows = unpacked(packed);
  }

  /** Return what was stored for word; for a word that was not, any number of `width` bits. */
  answer(word: string): number {
    const { size, width, seed } = this.#packed;
    const { start, bits, mask } = spread(fingerprint(word, seed), size, width);
    let value = mask;
    bits.forEach((own, half) => {
      for (let left = own, at = start + half * 32; left; left >>>= 1, at += 1) {
        if (left & 1) value ^= this.#rows[at] ?? 0;
      }
    });
    return value;
  }
}

interface Lexicon {
  packed: Packed;
  english: ReadonlyMap<string, number>;
  shared: readonly number[];
  common: readonly number[];
  starts: ReadonlySet<string>;
  latin: Table;
  other: Table;
  strict: Table;
  chinese: readonly ReadonlyMap<string, number>[];
}

let lexicon: Lexicon | undefined;
const known = new Map<string, number>();

/** Take in the word lists; before that no word is on a list. */
export function learn(packed: Packed): void {
  const english = unfronted(packed.english);
  lexicon = {
    packed,
    english: new Map(english.map((word, at) => [word, at])),
    shared: unpacked(packed.shared),
    common: unpacked(packed.common),
    starts: new Set(english.map((word) => word.slice(0, 4))),
    latin: new Table(packed.latin),
    other: new Table(packed.other),
    strict: new Table(packed.strict),
    chinese: chinese(packed),
  };
}

/** Return the lists that word is on, a bit for each. */
export function listsOf(word: string): number {
  let lists = known.get(word);
  if (lists === undefined) {
    if (known.size > 5000) known.clear();
    known.set(word, (lists = lookedUp(word)));
  }
  return lists;
}

function lookedUp(word: string): number {
  if (!lexicon) return 0;
  const { packed } = lexicon;
  const first = word.charAt(0);
  if (first <= "z") {
    const place = lexicon.english.get(word);
    const shared = lexicon.shared[place ?? -1] ? packed.onShares : 0;
    const lists = place === undefined ? 0 : packed.onEnglish | shared;
    if (word.length < packed.shortest || word.length > packed.longest) return lists;
    return lists | (packed.families[lexicon.latin.answer(word)] ?? 0);
  }
  if (first >= "\u3400" && first <= "\u9fff") {
    const [simplified, traditional] = lexicon.chinese.map((places) => places.has(word));
    return (simplified ? packed.simplified : 0) | (traditional ? packed.traditional : 0);
  }
  if (lexicon.other.answer(word)) return 0;
  return first >= "\uac00" ? packed.korean : packed.japanese;
}

/** Return whether word is on a list of common words. */
export function isStrict(word: string): boolean {
  return /^[a-z]/.test(word) && lexicon?.strict.answer(word) === 0;
}

/** Return whether word is the first four letters of an English word, which tell it apart. */
export function isStart(word: string): boolean {
  return lexicon?.starts.has(word) ?? false;
}

export function isEnglish(word: string): boolean {
  return lexicon?.english.has(word) ?? false;
}

/** Return whether sentences are full of an English list word. */
export function isCommon(word: string): boolean {
  return lexicon?.common[lexicon.english.get(word) ?? -1] === 1;
}

/** Return the places of the characters in the simplified and the traditional list. */
export function chineseLists(): readonly ReadonlyMap<string, number>[] {
  return lexicon?.chinese ?? [];
}

/** Return the lists that are known word by word, each word with its place. */
export function wholeLists(): readonly ReadonlyMap<string, number>[] {
  return lexicon ? [lexicon.english, ...lexicon.chinese] : [];
}

function chinese(packed: Packed): ReadonlyMap<string, number>[] {
  const others = unpaired(packed.others);
  const [simplified, traditional] = [new Map<string, number>(), new Map<string, number>()];
  let next = 0;
  unpaired(packed.signs).forEach((number, at) => {
    const sign = number >> 1;
    const other = number & 1 ? (others[next++] ?? 0) : sign;
    simplified.set(String.fromCharCode(0x4e00 + sign), at);
    traditional.set(String.fromCharCode(0x4e00 + other), at);
  });
  return [simplified, traditional];
}
