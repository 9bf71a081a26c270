// What looks like a password, wherever it stands or where a cue points at it.
//
// Steps: docs/guard.md, section 8.

import { folded } from "./fold";
import { PACK } from "./pack";
import { anywhere, matchAt, sticky, whole } from "./pattern";

const P = PACK.shapes.password;
export const TOKEN = anywhere(P.token);
export const WEAK_NUMBER = whole(P.weak_number);
export const NEVER = whole(P.never.join("|"));
export const STOP = new Set(P.stop);
const STRICT = P.strict.map(whole);
const EMAIL = sticky(P.email);
const URL = sticky(P.url);
export const NAMES = new Set(P.names);
const ERRORS = new Set(P.error_words);
const WORDED = whole(P.worded);
const LONE = whole(P.lone);
const NOT_STRICT = whole(P.not_strict.join("|"));
const NOT_STRICT_CASE = whole(P.not_strict_case.join("|"));
const ADDRESS = whole(PACK.shapes.address.join("|"));
const BRIEF = whole(P.brief);
const SHORT = whole(P.short);
const CHANGED = sticky(P.changed);
const UNIT = sticky(P.units);
const MONEY = sticky(`[ ]?(?:${PACK.shapes.units.words.join("|")})(?![a-z])`);

/** Return whether word looks like a credential: letters with digits or signs, or a number. */
export function looksChosen(word: string): boolean {
  return isStrict(word) || WEAK_NUMBER.test(word);
}

/** Return whether word looks like a credential wherever it stands. */
export function isStrict(word: string): boolean {
  return isCredential(word) && !BRIEF.test(word.toLowerCase()) && !isName(word);
}

/** Return whether word looks like a credential where a cue points at it. */
export function isCredential(word: string): boolean {
  if (word.length > P.longest || !STRICT.some((shape) => shape.test(word))) return false;
  return !NEVER.test(word.toLowerCase()) && !ADDRESS.test(word) && !isEmail(word) && !isUrl(word);
}

/** Return whether word has letters and digits enough for a password. */
export function isMixed(word: string): boolean {
  return STRICT[0]?.test(word) ?? false;
}

/** Return whether four or five signs look like a credential where a cue points at them. */
export function isShort(word: string): boolean {
  const low = word.toLowerCase();
  return SHORT.test(low) && !NEVER.test(low) && !isName(word);
}

/** Return whether a word with digits also has signs, as no name of an account has. */
export function isSigned(word: string): boolean {
  return /[!#$%^&*+=~?]/.test(word) && /[0-9]/.test(word);
}

/** Return whether quoted words are a phrase, and no remark such as `wrong password`. */
export function isPhrase(words: string): boolean {
  if (!words.includes(" ")) return false;
  const parts = folded(words).split(/\s+/).filter(Boolean);
  const stopped = parts.filter((word) => STOP.has(word)).length;
  return 2 * stopped < parts.length && !parts.some((word) => ERRORS.has(word));
}

/** Return whether a sign joins two or three words as no sentence does: `doge_kaito`. */
export function isWorded(word: string): boolean {
  return WORDED.test(word) && !word.toLowerCase().split(/[-_.@]/).some(isKnown);
}

/** Return whether a Latin word is no word of the trade: a value in a text of another script. */
export function isLone(word: string): boolean {
  return LONE.test(word) && !isKnown(word.toLowerCase());
}

function isKnown(low: string): boolean {
  return STOP.has(low) || NAMES.has(low);
}

/** Return the value without the signs that may end its sentence. */
export function wordAt(plain: string, start: number, end: number): string {
  const word = plain.slice(start, end);
  return word.replace(/[.?]+$/, "") || word;
}

function isName(word: string): boolean {
  return NOT_STRICT.test(word.toLowerCase()) || NOT_STRICT_CASE.test(word);
}

export function isEmail(word: string): boolean {
  return matchAt(EMAIL, word, 0) !== null;
}

export function isUrl(word: string): boolean {
  return matchAt(URL, word.toLowerCase(), 0) !== null;
}

/** Return whether a number counts nothing. */
export function isFreeNumber(low: string, word: string, end: number): boolean {
  if (!WEAK_NUMBER.test(word)) return false;
  if (matchAt(UNIT, low, end) || matchAt(CHANGED, low, end)) return false;
  return word.length >= 6 || !matchAt(MONEY, low, end);
}

/** Return where the word text[start:end] begins and ends without the signs around it. */
export function stripped(plain: string, start: number, end: number): [number, number] {
  while (start < end && P.strip_left.includes(plain.charAt(start))) start += 1;
  while (start < end && P.strip_right.includes(plain.charAt(end - 1))) end -= 1;
  const word = plain.slice(start, end);
  if (word.startsWith("**") && word.endsWith("**")) [start, end] = [start + 2, end - 2];
  const isDigits = /^[0-9]+$/.test(plain.slice(start, end));
  if (start < end && end < plain.length && ".?".includes(plain.charAt(end)) && !isDigits) {
    end += 1; // it may be part of the value; a lost full stop costs less than a kept sign
  }
  return [start, end];
}
