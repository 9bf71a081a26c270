// One plain spelling of a text for the rules to read, and the way back to the original.
//
// Signs beyond the basic plane have a stand-in in the plain spelling, so that one unit there is
// one code point, as the server counts. Steps and tables: docs/guard.md, section 1.

import table from "pack:fold";
import type { Found } from "./found";

const STAND_IN = "\ue000"; // as little a letter, digit or space as what it stands for
const ASCII = /^[\0-\x7f]*$/;
const CONTROLS = /[\x1c-\x1f]/g; // spaces to the server's patterns, not to JavaScript's
const INVISIBLE = /[\p{Cf}\p{Mn}\p{Me}]/u;
const MARK = /[\p{Mn}\p{Me}]/gu;
const DIGIT = /\p{Nd}/u;
const JAMO = /[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?/g;
const DECOMPOSED = /[\u1100-\u1112][\u1161-\u1175]/;
const SPECIAL = new Map(Object.entries(table.special));
const LATIN = new Map(Object.entries(table.lookalikes));
const ALIKE = [...LATIN.keys()].join("");
const MIXED = new RegExp(`[A-Za-z][${ALIKE}]|[${ALIKE}][A-Za-z]`);
const TOKEN = new RegExp(`[A-Za-z${ALIKE}]+`, "g");
const spellings = new Map<string, string>();

/** The plain spelling. `offsets[i]` is where its character i stood; null: nothing moved. */
export interface Flat {
  plain: string;
  /** plain in lower case, as long as plain. */
  low: string;
  offsets: readonly number[] | null;
  text: string;
}

/** Return the plain spelling of text. */
export function flatten(text: string): Flat {
  if (ASCII.test(text)) {
    const plain = text.replace(CONTROLS, "\f");
    return { plain, low: plain.toLowerCase(), offsets: null, text };
  }
  let [plain, offsets] = moved(text);
  if (DECOMPOSED.test(plain)) [plain, offsets] = composed(plain, offsets);
  if (MIXED.test(plain)) plain = plain.replace(TOKEN, latin);
  return { plain, low: lowered(plain), offsets, text };
}

/** Return a cue or list word in the spelling that the text is read in. */
export function folded(words: string): string {
  return flatten(words).low;
}

/** Return span as it stands in the original, with what invisibly follows its last sign. */
export function origin(flat: Flat, span: Found): Found {
  const { offsets, text } = flat;
  if (offsets === null) return span;
  const last = offsets[span.end - 1] ?? 0;
  const after = offsets[span.end] ?? text.length;
  const width = (text.codePointAt(last) ?? 0) > 0xffff ? 2 : 1;
  return { ...span, start: offsets[span.start] ?? 0, end: Math.max(after, last + width) };
}

function moved(text: string): [string, number[]] {
  const offsets: number[] = [];
  let plain = "";
  let at = 0;
  for (const sign of text) {
    let spelling = spellings.get(sign);
    if (spelling === undefined) spellings.set(sign, (spelling = spelled(sign)));
    for (let count = 0; count < spelling.length; count += 1) offsets.push(at);
    plain += spelling;
    at += sign.length;
  }
  return [plain, offsets];
}

/** Return the plain spelling of one sign: nothing for an invisible one. */
function spelled(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  if (code < 0x80) return code >= 0x1c && code < 0x20 ? "\f" : sign;
  const special = SPECIAL.get(sign);
  if (special !== undefined) return special;
  if (INVISIBLE.test(sign)) return "";
  if (code >= 0xd800 && code < 0xe000) return "\ufffd";
  if (DIGIT.test(sign)) return digit(code);
  const parts = sign.normalize("NFKD");
  const kept = lone(parts) ? parts : parts.replace(MARK, "");
  if (kept === "") return "";
  if (lone(kept)) return narrow(SPECIAL.get(kept) ?? kept);
  return kept.length <= 4 && ASCII.test(kept) ? kept : narrow(sign);
}

function lone(signs: string): boolean {
  return signs.length === ((signs.codePointAt(0) ?? 0) > 0xffff ? 2 : 1);
}

function narrow(sign: string): string {
  return sign.length === 2 ? STAND_IN : sign;
}

/** Return the ASCII digit: those of a script stand in rows of ten from its zero. */
function digit(code: number): string {
  let zero = code;
  while (zero > code - 50 && DIGIT.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((code - zero) % 10);
}

/** Return plain with its decomposed Korean syllables put together. */
function composed(plain: string, offsets: readonly number[]): [string, number[]] {
  const kept: number[] = [];
  let at = 0;
  const whole = plain.replace(JAMO, (syllable: string, start: number) => {
    kept.push(...offsets.slice(at, start + 1));
    at = start + syllable.length;
    return syllable.normalize("NFC");
  });
  for (const place of offsets.slice(at)) kept.push(place);
  return [whole, kept];
}

function latin(token: string): string {
  if (!MIXED.test(token)) return token;
  return [...token].map((sign) => LATIN.get(sign) ?? sign).join("");
}

function lowered(plain: string): string {
  const low = plain.toLowerCase();
  if (low.length === plain.length) return low;
  const lower = (sign: string) => (sign.toLowerCase().length === 1 ? sign.toLowerCase() : sign);
  return [...plain].map(lower).join("");
}
