// Passwords that stand before the word that names them: `X is my password`.
//
// Steps: docs/guard.md, section 8.

import type { Cue } from "./compounds";
import { NEVER, STOP, TOKEN, WEAK_NUMBER, isEmail, isPhrase } from "./credentials";
import { isLone, isStrict, isWorded, stripped, wordAt } from "./credentials";
import { isAscii, isJoined } from "./entered";
import type { Found } from "./found";
import { ANY, PACK, roles } from "./pack";
import { anywhere, endOf, matchAt, matches, search, sticky, whole } from "./pattern";
import { type Reading, isFiller } from "./reading";
import { span } from "./spans";

const P = PACK.shapes.password;
const VERBS = new Set(P.verbs);
const BACK = new RegExp(P.copula_back, "u");
const BACK_FIRST = new RegExp(`^${P.copula_back}`, "u");
const QUOTED_BACK = anywhere(P.quoted_back);
const BREAK = /[.!?。！？](?:\s|(?=\n?$))|\n\s*\n/g;
const ALONE = whole(P.alone);
const MINE = sticky(P.mine);
const MINE_BEFORE = new RegExp(P.mine_before, "u");
const WORDS = /[a-z\u0400-\u052f\u0600-\u06ff]+/g;
const CUE = roles("password");
const ONE_TIME = roles("otp");
const ENTER = roles("enter");
const OTHER = roles("otp", "cvv", "totp", "phrase");
const OPEN = roles("number", "hash", "error", "code", "otp", "cvv", "expiry", "card");

/** Return the value before the cue, where a copula or quotes join the two. */
export function behind(reading: Reading, cue: Cue): Found | null {
  return setApart(reading, cue) ?? alone(reading, cue);
}

/** Return the nearest one that its signs, quotes or script set apart. */
function setApart(reading: Reading, cue: Cue): Found | null {
  const { plain, low } = reading;
  const floor = Math.max(0, cue.start - P.back);
  const phrase = search(QUOTED_BACK, plain, floor, cue.start);
  if (phrase?.[1] && isPhrase(phrase[1])) {
    const [start, end] = [phrase.index + 1, phrase.index + 1 + phrase[1].length];
    if (isPut(reading, start, end, cue)) return span(start, end, "password");
  }
  const last = lastValue(plain, floor, cue.start, !isAscii(low.charAt(cue.start)));
  if (!last) return null;
  const [start, end] = stripped(plain, last.index, endOf(last));
  const gap = low.slice(end, cue.start);
  if (VERBS.has(low.slice(cue.start, cue.end)) && !BACK.test(gap)) return null;
  if (start >= end || matches(BREAK, gap).length) return null;
  if ((gap.match(WORDS) ?? []).length > P.back_words) return null;
  const isQuoted = plain.charAt(start - 1) === '"' && plain.charAt(end) === '"';
  const isEntered =
    reading.has(ENTER, start - 24, cue.start) ||
    (isFiller(gap) && reading.has(ENTER, cue.end, cue.end + 16));
  const word = wordAt(plain, start, end);
  if (cue.roles & ONE_TIME && WEAK_NUMBER.test(word)) return null;
  if (!(isQuoted || BACK.test(gap) || isEntered) || STOP.has(low.slice(start, end))) return null;
  if (reading.has(OTHER | OPEN, end, cue.start)) return null;
  const near = reading.link(start, end, CUE, OPEN);
  if (near && !near.secret && near.before && near.tight) return null;
  const isPlain = isQuoted && word.length >= 5 && !isEmail(word) && !NEVER.test(word);
  const isNumber = isFiller(gap) && WEAK_NUMBER.test(word);
  const isGood = isStrict(word) || isPlain || isNumber || isSaid(reading, cue, start, end);
  return isGood ? span(start, end, "password") : null;
}

/** Return whether a quoted phrase is said, or was put in, to be what the cue names. */
function isPut(reading: Reading, start: number, end: number, cue: Cue): boolean {
  const gap = reading.low.slice(end, cue.start);
  if (gap.length > P.back_quoted) return BACK_FIRST.test(gap.replace(/^[" ]+/, ""));
  return BACK.test(gap) || (isFiller(gap) && reading.has(ENTER, start - 25, start - 1));
}

/** Return the last word that digits, signs, a quote or its script set apart, unless cut. */
function lastValue(
  plain: string,
  floor: number,
  end: number,
  isForeign: boolean,
): RegExpExecArray | null {
  const last = matches(TOKEN, plain, floor, end)
    .filter(
      (match) =>
        /[0-9!@#$%^&*]/.test(match[0]) ||
        plain.charAt(match.index - 1) === '"' ||
        isWorded(match[0]) ||
        (isForeign && isLone(match[0])),
    )
    .at(-1);
  return !last || (last.index === floor && floor) ? null : last;
}

/** Return whether words that a sign joins are said to be the password: `a_b is my password`. */
function isSaid(reading: Reading, cue: Cue, start: number, end: number): boolean {
  const { low } = reading;
  const gap = low.slice(end, cue.start);
  const said = BACK.exec(gap);
  const isClose = isFiller(gap) || (said !== null && said.index <= 2 && !gap.includes("\n"));
  const isLate = (!said || said.index > 2) && !reading.has(ENTER, cue.end, cue.end + 8);
  if (isLate && isLone(reading.plain.slice(start, end))) return false;
  if (!isClose || VERBS.has(low.slice(cue.start, cue.end))) return false;
  return isJoined(reading, start, end, !isAscii(low.charAt(cue.start)));
}

/** Return a long word without a digit that begins a clause: `sunnymeadow is my password`. */
function alone(reading: Reading, cue: Cue): Found | null {
  const { plain, low } = reading;
  for (const match of matches(TOKEN, plain, cue.start - P.back, cue.start)) {
    const [start, end] = [match.index, endOf(match)];
    const said = matchAt(MINE, low, end);
    if (!said || endOf(said) < cue.start || endOf(said) >= cue.end) continue;
    if (!ALONE.test(match[0]) || !isLone(match[0])) continue;
    if (!MINE_BEFORE.test(low.slice(Math.max(0, start - 4), start))) continue;
    if (!reading.has(ANY, start, end)) return span(start, end, "password");
  }
  return null;
}
