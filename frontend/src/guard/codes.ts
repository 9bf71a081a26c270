// One-time codes and card security codes, found by the words beside them.
//
// Steps: docs/guard.md, section 9.

import { UNIT, UNITS, digitsIn, isOwned, isPlainCode } from "./counted";
import type { Found } from "./found";
import { IDENTITIES, PACK, roles } from "./pack";
import { anywhere, endOf, matchAt, matches, search, whole } from "./pattern";
import { type Link, type Reading, isTold } from "./reading";
import { span } from "./spans";

const P = PACK.shapes.otp;
export const NUMBER = anywhere(P.number);
const LETTERS = anywhere(P.letters);
const MONEY = new RegExp(P.money_before, "u");
const PLAIN_LETTERS = anywhere(P.plain_letters);
const PHONE = new RegExp(P.phone_before, "u");
const GOOGLE = /(?:^|[^0-9a-z])g-$/;
const LOG = anywhere(P.log);
const SIZED = whole(`[0-9]+(?:${UNITS})`);
const SECURITY = anywhere(P.security);
const NEAR = P.near;
const YEAR = whole("(?:19|20)[0-9]{2}");
const DATE = whole("(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])");
const STRONG = roles("otp");
const MESSAGE = roles("message");
const CAME = roles("came");
const TOLD = roles("told");
const LOGIN = roles("login");
const SENT = roles("sms", "enter", "message", "told");
const HANDSET = roles("handset");
const ENTER = roles("enter");
const NEWS = roles("came", "handset", "message", "told", "enter", "sms");
const EXPIRY = roles("expiry");
const AMOUNT = roles("amount");
const HASH = roles("hash");
const THEN = whole(P.then);
const REFUSED = anywhere(P.refused);
const FLEETING = anywhere(P.fleeting);
const ERROR = roles("error");
const ABSENT = roles("absent");
const SECRET = roles("otp", "code");
const SPEAKS = SECRET | roles("message", "came", "enter", "digits", "way");
const OPEN = roles(
  ...["number", "hash", "amount", "error", "card", "cvv", "expiry", "password"],
  ...["iban", "passport"],
  ...IDENTITIES,
);
const CVV_CUE = roles("cvv");
const CARD = roles("card");
const NOT_CVV = roles("expiry", "number", "amount", "otp", "password", "error", "hash");

/** Return one-time codes. After `dump` numbers the words beside the next are not read. */
export function findCodes(reading: Reading): Found[] {
  if (!(reading.roles & SPEAKS)) return [];
  const found: Found[] = [];
  matches(NUMBER, reading.low).forEach((match, tries) => {
    const [start, end] = [match.index, endOf(match)];
    const last = found.at(-1)?.end;
    const isNew = tries >= P.dump || isCode(reading, start, end);
    if (isNew || (last !== undefined && isNext(reading, last, start, end))) {
      found.push(span(start, end, "otp"));
    }
  });
  if (!(reading.roles & STRONG)) return found;
  for (const pattern of [LETTERS, PLAIN_LETTERS]) {
    for (const match of matches(pattern, reading.plain).slice(0, P.dump)) {
      const link = reading.link(match.index, endOf(match), STRONG, OPEN);
      if (link?.secret && link.tight && isDrawn(match[0], link)) {
        found.push(span(match.index, endOf(match), "otp"));
      }
    }
  }
  return found;
}

function isDate(word: string): boolean {
  return YEAR.test(word) || DATE.test(word);
}

/** Return whether such a number follows the code that ends at last: `entered N, then M`. */
function isNext(reading: Reading, last: number, start: number, end: number): boolean {
  const word = reading.low.slice(start, end);
  if (isDate(word) || !P.sizes.includes(digitsIn(word))) return false;
  return THEN.test(reading.low.slice(last, start));
}

/** Return whether a word of letters and digits is a drawn code, not a name such as ISO9001. */
function isDrawn(word: string, link: Link): boolean {
  const digits = digitsIn(word);
  return digits > 0 && (link.before || digits > 1) && !SIZED.test(word.toLowerCase());
}

/** Return whether the words beside a number make it a one-time code. */
function isCode(reading: Reading, start: number, end: number): boolean {
  const { low } = reading;
  const before = low.slice(Math.max(0, start - P.before), start);
  if (MONEY.test(before) || PHONE.test(before) || !standsAlone(reading, start)) return false;
  const plainly = isPlainCode(reading, start, end);
  if (plainly !== null || isFleeting(reading, start, end)) return plainly !== false;
  const open = low.slice(start, end).includes("-") ? OPEN & ~AMOUNT : OPEN; // no amount is 921-849
  let link = reading.link(start, end, SECRET | MESSAGE, open);
  const isPlain = link?.secret && link.tight && link.cue.roles & STRONG;
  if (!isPlain && isReadOut(reading, start, end)) return true;
  if (!link?.secret) return hasCome(reading, start, end);
  if (!(link.cue.roles & SECRET)) {
    const other = reading.link(start, end, SECRET, OPEN);
    if (!other?.secret) {
      return isInMessage(reading, link, start, end) || hasCome(reading, start, end);
    }
    link = other;
  }
  if (matchAt(UNIT, low, end) && !outweighsUnit(reading, link, start, end)) return false;
  const word = low.slice(start, end);
  const isStrong = (link.cue.roles & STRONG) !== 0n;
  const isSaid = link.tight || (link.before && isTold(low.slice(link.cue.end, start)));
  if (isDate(word)) return isSaid && (isStrong || !YEAR.test(word));
  if (isStrong) return isSaid || isLoose(reading, link, start, end);
  return isWeak(reading, link, start, end) || hasCome(reading, start, end);
}

/** Return whether what looks like a unit only begins the next word. */
function outweighsUnit(reading: Reading, link: Link, start: number, end: number): boolean {
  const { low } = reading;
  if (!link.tight || !link.before) return false;
  if (/[:=]/.test(low.charAt(start - 1)) && end - start >= 6) return true;
  const unit = low.slice(end, end + 2);
  const isBeside = end - start >= 6 || unit.startsWith(" ");
  return isBeside && /^[^\0-\x7f]/.test(unit.trim());
}

/** Return whether the number is not the end of a name such as AUTH-0031, nor below zero. */
function standsAlone(reading: Reading, start: number): boolean {
  const { low } = reading;
  const last = low.charAt(start - 1);
  if (last !== "-") return !/[a-z]/.test(last) || endsCue(reading, start);
  const letter = low.charAt(start - 2);
  if (/[a-z]/.test(letter)) {
    return GOOGLE.test(low.slice(Math.max(0, start - 3), start)) || endsCue(reading, start - 1);
  }
  return !["", " ", "\n"].includes(letter) || low.slice(start, start + 6).trim() === "";
}

function endsCue(reading: Reading, at: number): boolean {
  return (reading.roles & SECRET) !== 0n && reading.ends.includes(at);
}

/** Return whether a number was read out or put in after a word for code or message. */
function isReadOut(reading: Reading, start: number, end: number): boolean {
  const { low } = reading;
  if (!(reading.roles & (TOLD | ENTER))) return false;
  const isBeside = reading.has(SECRET | MESSAGE, start - P.told, end + P.told_after);
  if (!isBeside && !search(REFUSED, low, end, end + P.refused_after)) return false;
  const link = reading.link(start, end, isBeside ? TOLD | ENTER : ENTER, OPEN);
  if (!link?.secret || !link.tight || matchAt(UNIT, low, end)) return false;
  const word = low.slice(start, end);
  return !isDate(word) && (isBeside || isRefused(link, word));
}

/** Return whether four, six or eight digits, not round, were put in and did not work. */
function isRefused(link: Link, word: string): boolean {
  if (!(link.cue.roles & ENTER) || !link.before || word.endsWith("00")) return false;
  const digits = digitsIn(word);
  return P.sizes.includes(digits) && !(digits === 4 && word.endsWith("0"));
}

/** Return whether a number that came runs out, or the person asks where to put it. */
function isFleeting(reading: Reading, start: number, end: number): boolean {
  const { low } = reading;
  const [first, last] = [Math.max(0, start - P.fleeting_before), end + P.fleeting_after];
  const word = low.slice(start, end);
  if (!P.sizes.includes(digitsIn(word)) || isDate(word) || word.endsWith("00")) return false;
  if (matchAt(UNIT, low, end) || !reading.has(NEWS, first, last)) return false;
  if (!search(FLEETING, low, end, last) && !search(FLEETING, low, first, start)) return false;
  return !reading.has(OPEN & ~EXPIRY, first, last);
}

/** Return whether six digits, neither round nor an amount, are all that was received. */
function hasCome(reading: Reading, start: number, end: number): boolean {
  const word = reading.low.slice(start, end);
  const digits = digitsIn(word);
  if (!(reading.roles & CAME) || !P.sizes.includes(digits) || word.endsWith("00")) return false;
  if (digits !== P.usual && !isOnHandset(reading, start, end)) return false;
  const isAmount = isOwned(reading, start - NEAR.came, start);
  const open = isAmount ? OPEN & ~(AMOUNT | HASH) : OPEN;
  const link = reading.link(start, end, CAME, open);
  if (!link?.secret || !link.tight || matchAt(UNIT, reading.low, end)) return false;
  return !isDate(word) && !reading.has(open & ~CAME, start - NEAR.came, end + NEAR.came_after);
}

/** Return whether a text message is spoken of, or a phone where the number did not work. */
function isOnHandset(reading: Reading, start: number, end: number): boolean {
  if (reading.has(MESSAGE, start - NEAR.came, end + NEAR.came)) return true;
  if (!reading.has(HANDSET, end, end + NEAR.handset)) return false;
  return search(REFUSED, reading.low, end, end + P.refused_after) !== null;
}

/** Return whether a number beside a word for text message has a code's six or eight digits. */
function isInMessage(reading: Reading, link: Link, start: number, end: number): boolean {
  const digits = digitsIn(reading.low.slice(start, end));
  if (digits === 4 || !P.sizes.includes(digits)) return false;
  if (link.distance > P.message || !isLoose(reading, link, start, end)) return false;
  return !matchAt(UNIT, reading.low, end);
}

/** Return how many characters stand between a value and its cue. */
function between(link: Link, start: number, end: number): number {
  return Math.max(start - link.cue.end, link.cue.start - end);
}

function isLoose(reading: Reading, link: Link, start: number, end: number): boolean {
  if (between(link, start, end) > (end - start > 4 ? P.loose : P.loose_short)) return false;
  const first = Math.min(start, link.cue.start);
  return !reading.has(ABSENT, first - P.absent, Math.max(end, link.cue.end));
}

/** Return whether a bare word for code means a one-time code here. */
function isWeak(reading: Reading, link: Link, start: number, end: number): boolean {
  const { low } = reading;
  if (reading.has(ERROR, start - NEAR.error, end + NEAR.error_after)) return false;
  const isUsual = digitsIn(low.slice(start, end)) === P.usual;
  if (low.charAt(start - 1) === "=" && reading.has(STRONG, start - NEAR.strong, start)) {
    return link.tight && link.before; // a log line about such codes
  }
  if (search(LOG, low, start - NEAR.log, link.before ? link.cue.start : start)) return false;
  if (search(LOG, low, end, end + NEAR.log_after)) return false;
  if (!link.tight && link.before && isTold(low.slice(link.cue.end, start))) {
    return isUsual || isSent(reading, link.cue.start, end);
  }
  if (!link.tight) {
    return (isUsual || isSent(reading, start, end)) && isLoose(reading, link, start, end);
  }
  const isSaid = link.before && low.slice(link.cue.end, start).trim() !== "";
  const size = end - start;
  if (isUsual || (isSaid && size !== 5)) return true;
  if (isSent(reading, link.cue.start, end)) return true;
  return link.before && size >= 4 && low.length < NEAR.alone && size !== 5;
}

/** Return whether words beside a code speak of sending, reading out or putting in. */
function isSent(reading: Reading, start: number, end: number): boolean {
  return reading.between(SENT, start - NEAR.sent, end + NEAR.sent).some((cue) => !(cue.roles & LOGIN));
}

/** Return card security codes that a cue announces. */
export function findSecurityCodes(reading: Reading): Found[] {
  if (!(reading.roles & CVV_CUE)) return [];
  return matches(SECURITY, reading.low)
    .filter((match, tries) => isSecurityCode(reading, match.index, endOf(match), tries))
    .map((match) => span(match.index, endOf(match), "card_cvv"));
}

function isSecurityCode(reading: Reading, start: number, end: number, tries: number): boolean {
  if (MONEY.test(reading.low.slice(Math.max(0, start - NEAR.money), start))) return false;
  if (tries >= P.dump) return true;
  const link = reading.link(start, end, CVV_CUE, NOT_CVV);
  if (!link?.secret) return false;
  if (/[a-z]/.test(reading.low.charAt(start - 1)) && link.cue.end !== start) return false;
  const isEither = end - start === 4 && link.cue.roles & STRONG;
  if (isEither && !(reading.roles & CARD)) return false;
  if (YEAR.test(reading.low.slice(start, end)) && !(link.tight && link.before)) return false;
  return link.tight || (between(link, start, end) <= NEAR.security && !matchAt(UNIT, reading.low, end));
}
