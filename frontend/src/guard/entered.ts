// Passwords found by what a person did: typed them in, or named a second one beside the first.
//
// Steps: docs/guard.md, section 8.

import type { Cue } from "./compounds";
import { STOP, TOKEN, isCredential, isFreeNumber, isLone, isStrict, isWorded } from "./credentials";
import { isSigned, looksChosen, stripped } from "./credentials";
import type { Found } from "./found";
import { ANY, PACK, roles } from "./pack";
import { endOf, matchAt, matches, search, sticky, whole } from "./pattern";
import { type Reading, isFiller } from "./reading";
import { span } from "./spans";

const P = PACK.shapes.password;
const OR = sticky(P.or);
const OTHERWISE = whole(P.otherwise);
const ALONE = whole(P.alone);
const AS_PASSWORD = whole(P.as_password);
const CASED = new RegExp(P.cased, "u");
const CUE = roles("password");
const CODE = roles("code");
const LOGIN = roles("login");
const OLD = new RegExp(P.old_before, "u");
const RIVALS = roles(
  ...["otp", "code", "number", "hash", "amount", "error", "cvv", "expiry", "card"],
);

/** Return what was typed, if the nearest cue on either side speaks of a password. */
export function entered(reading: Reading, cue: Cue): Found[] {
  const { plain, low } = reading;
  const after = search(TOKEN, plain, cue.end, cue.end + 40);
  const isLast = !/[\0-\x7f]/.test(low.charAt(cue.start)); // where the verb comes last
  const before = isLast ? matches(TOKEN, plain, cue.start - 40, cue.start).at(-1) : null;
  const found: Found[] = [];
  for (const match of [after, before]) {
    if (!match) continue;
    const [start, end] = stripped(plain, match.index, endOf(match));
    const gap = match === after ? low.slice(cue.end, start) : low.slice(end, cue.start);
    if (isFiller(gap) && isTyped(reading, cue, start, end)) found.push(span(start, end, "password"));
  }
  return found;
}

export function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}

function isTyped(reading: Reading, cue: Cue, start: number, end: number): boolean {
  const word = reading.plain.slice(start, end).replace(/[.?]+$/, "");
  if (!word || STOP.has(word.toLowerCase())) return false;
  const isWords = isJoined(reading, start, end, !isAscii(reading.low.charAt(cue.start)));
  const isValue = isCredential(word) || isWords || isFreeNumber(reading.low, word, end);
  if (!isValue && !isNamed(reading, word, start, end)) return false;
  const rivals = /^[0-9]+$/.test(word) ? RIVALS : RIVALS & ~CODE;
  const link = reading.link(start, end, CUE, rivals & ~CUE);
  if (!link) {
    const isLogin = isSigned(word) && reading.has(LOGIN, cue.start - 16, cue.start + 1);
    const isCased = CASED.test(reading.low);
    return isStrict(word) && (isLogin || isCased || reading.has(CUE, end, end + P.typed_before));
  }
  return link.secret && link.distance <= P.entered;
}

/** Return whether a long word was put in as a password: `I typed sunnymeadow as password`. */
function isNamed(reading: Reading, word: string, start: number, end: number): boolean {
  if (!ALONE.test(word) || !isLone(word) || reading.has(ANY, start, end)) return false;
  return reading
    .between(CUE, end, end + P.typed_before)
    .some((cue) => AS_PASSWORD.test(reading.low.slice(end, cue.start)));
}

/**
 * Return whether words without a digit are a value: joined by a sign, and none a cue.
 *
 * isForeign: the text round it is in another script than Latin. Then one long word may be a value
 * too, and the sign a hyphen.
 */
export function isJoined(
  reading: Reading,
  start: number,
  end: number,
  isForeign: boolean,
): boolean {
  const word = reading.plain.slice(start, end).replace(/[.?]+$/, "");
  if (reading.has(ANY, start, end)) return false;
  if (isWorded(word) && (isForeign || !word.includes("-"))) return true;
  return isForeign && isLone(word);
}

/** Return further values after the first: "it is this or that". */
export function others(reading: Reading, end: number): Found[] {
  const found: Found[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const gap = matchAt(OR, reading.low, end);
    const value = gap && chosenAfter(reading, gap);
    if (!value) break;
    found.push(value);
    end = value.end;
  }
  return found;
}

function chosenAfter(reading: Reading, gap: RegExpExecArray): Found | null {
  const { plain } = reading;
  const at = endOf(gap);
  for (const word of matches(TOKEN, plain, at, at + 80).slice(0, 3)) {
    const [start, end] = stripped(plain, word.index, endOf(word));
    if (start - at > 16 || reading.has(RIVALS, gap.index, start)) continue;
    const isValue = looksChosen(plain.slice(start, end));
    if (!isValue && !isJoined(reading, start, end, !isAscii(gap[0]))) continue;
    return span(start, end, "password");
  }
  return null;
}

/** Return the value before the first: "this or that is my password". */
export function earlier(reading: Reading, start: number): Found[] {
  const { plain, low } = reading;
  const found: Found[] = [];
  for (const word of matches(TOKEN, plain, start - 80, start).slice(-3)) {
    const [first, last] = stripped(plain, word.index, endOf(word));
    if (!isStrict(plain.slice(first, last))) continue;
    const isOld = OLD.test(low.slice(Math.max(0, first - 16), first));
    const isPair = isOld && reading.has(CUE, last, start);
    if (isPair || OTHERWISE.test(low.slice(last, start))) {
      found.push(span(first, last, "password"));
    }
  }
  return found;
}
