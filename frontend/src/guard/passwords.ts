// Passwords and PINs: a cue and near it a value that looks like a credential.
//
// Steps: docs/guard.md, section 8.

import { behind } from "./behind";
import type { Cue } from "./compounds";
import { NAMES, STOP, TOKEN, WEAK_NUMBER, isLone } from "./credentials";
import { isCredential, isEmail, isFreeNumber, isMixed, isPhrase } from "./credentials";
import { isShort, isStrict, isUrl, stripped, wordAt } from "./credentials";
import { earlier, entered, isAscii, isJoined, others } from "./entered";
import type { Found } from "./found";
import { native, spoken } from "./native";
import { PACK, roles } from "./pack";
import { anywhere, endOf, matchAt, matches, search, sticky, whole } from "./pattern";
import { type Reading, isFiller, isTold } from "./reading";
import { span } from "./spans";

const P = PACK.shapes.password;
const EPOCH = whole(P.epoch);
const RECENT = whole(P.recent);
const COPULA = new RegExp(P.told, "u");
const BIRTHDAY = new RegExp(P.birthday, "u");
const VERBS = new Set(P.verbs);
const QUOTED_VALUE = sticky(P.quoted_value);
const WEAK_WORD = whole(P.weak_word);
const VERB_VALUE = whole(P.plain_verb_value);
const CHOSEN = whole(P.chosen);
const LATIN = whole(P.latin);
const ALONE = whole(P.alone);
const SURELY = anywhere(P.surely);
const EMAIL = anywhere(P.email);
const BESIDE_LOGIN = whole(P.beside_login);
const WRONG = new RegExp(`(?:${P.error_words.join("|")}) $`);
const VERB_BEFORE = new RegExp(P.verb_before, "u");
const QUOTED = sticky(P.quoted);
const BREAK = /[.!?。！？](?:\s|(?=\n?$))|\n\s*\n/g;
const LINE = /[^\s:=]\s*\n/;
const FOREIGN = new RegExp(P.foreign, "u");
const ONE_TIME = roles("otp");
const CUE = roles("password");
const LOGIN = roles("login", "password");
const OWNED = roles("number", "login") & ~CUE;
const ENTER = roles("enter");
const OTHER = roles("otp", "cvv", "totp", "phrase");
const OPEN = roles("number", "hash", "error", "code", "otp", "cvv", "expiry", "card");
const AMOUNT = roles("amount");
const HASH = roles("hash");
const PHRASE = roles("phrase");
const ABSENT = roles("absent");
const DUMP = 400;

/** Return passwords and PINs. After DUMP cues the words beside the next are not read. */
export function findPasswords(reading: Reading): Found[] {
  const found: Found[] = [];
  for (const cue of reading.of(CUE).slice(0, DUMP)) {
    const after = native(reading, cue.end) ?? ahead(reading, cue) ?? spoken(reading, cue);
    if (after) found.push(after, ...others(reading, after.end));
    const before = behind(reading, cue);
    if (before) found.push(before, ...others(reading, cue.end));
    for (const one of [after, before]) if (one) found.push(...earlier(reading, one.start));
  }
  if (reading.roles & ENTER) {
    for (const cue of reading.of(ENTER).slice(0, DUMP)) found.push(...entered(reading, cue));
  }
  return found;
}

/** Return the first value after the cue. */
function ahead(reading: Reading, cue: Cue): Found | null {
  const { plain, low } = reading;
  const limit = Math.min(plain.length, cue.end + P.ahead);
  const other = reading.between(OTHER | CUE, cue.end, limit + 1)[0];
  const reach = other?.start ?? limit;
  const isPast = Boolean(other && other.roles & PHRASE); // a value may stand past that cue
  let at = cue.end;
  for (let turn = 0; turn < P.tokens; turn += 1) {
    const match = search(TOKEN, plain, at, Math.min(plain.length, limit + 64));
    if (!match || match.index >= limit) return null;
    const [start, end] = stripped(plain, match.index, endOf(match));
    const gap = low.slice(cue.end, start);
    if (start > reach && !isPast) return null;
    at = endOf(match);
    if (start > reach && !isTold(gap)) continue;
    if (!goesOn(gap, plain.slice(start, end))) continue;
    // A quote that stands right behind the cue ends there.
    const opens = start - 1 > cue.end || !isAscii(plain.charAt(cue.end - 1));
    const quoted = opens && start > cue.end ? matchAt(QUOTED_VALUE, plain, start - 1) : null;
    const words = quoted?.[1] ?? "";
    if (isPhrase(words) && !isVerb(low, cue, gap) && isFiller(gap)) {
      return span(start, start + words.length, "password");
    }
    if (start < end && accepts(reading, cue, start, end, gap)) return span(start, end, "password");
  }
  return null;
}

/** Return whether the value still belongs to the cue: after a full stop only as `It is ...`. */
function goesOn(gap: string, word: string): boolean {
  const stop = matches(BREAK, gap).at(-1);
  if (!stop) return true;
  const tail = gap.slice(endOf(stop)).trim();
  return tail !== "" && isStrict(word) && isFiller(tail);
}

/** Return whether a cue such as pass is a verb here: no copula follows. */
function isVerb(low: string, cue: Cue, gap: string): boolean {
  return VERBS.has(low.slice(cue.start, cue.end)) && !COPULA.test(gap);
}

function accepts(reading: Reading, cue: Cue, start: number, end: number, gap: string): boolean {
  const { plain, low } = reading;
  const word = wordAt(plain, start, end);
  if (isEmail(word) || isUrl(word) || STOP.has(word.toLowerCase())) return false;
  const tight = isFiller(gap) || isToldPlainly(reading, cue, start, gap);
  if (isVerb(low, cue, gap) && !(tight && isObject(reading, cue, end, word))) return false;
  if (cue.roles & ONE_TIME && WEAK_NUMBER.test(word)) return false;
  if (tight && (isCredential(word) || isShort(word))) return true;
  if (isStrict(word)) return isLoose(reading, cue, start, end);
  if (WEAK_NUMBER.test(word) && BIRTHDAY.test(gap)) return true;
  if (!tight) return false;
  const isRight = WEAK_NUMBER.test(word) ? isNumber : isPlainWord;
  return isRight(reading, cue, start, end);
}

/** Return whether a copula joins the two although words stand between. */
function isToldPlainly(reading: Reading, cue: Cue, start: number, gap: string): boolean {
  return isTold(gap) && !reading.has((OPEN | AMOUNT) & ~HASH, cue.end, start);
}

/** Return whether what follows `pass` is a password after all: an account stands near, or
 * it is plainly one, as in `pass kitten2020`. */
function isObject(reading: Reading, cue: Cue, end: number, word: string): boolean {
  const { low } = reading;
  const from = cue.start - 64;
  if (reading.has(LOGIN & ~CUE, from, end + 40)) return true;
  if (low.slice(Math.max(0, from), end + 40).includes("@")) return true;
  if (word.length < P.plain_verb || !VERB_VALUE.test(word) || !isStrict(word)) return false;
  return isMixed(word) && !VERB_BEFORE.test(low.slice(Math.max(0, cue.start - 8), cue.start));
}

function endsTold(gap: string): boolean {
  return /[:=]$/.test(gap.trimEnd());
}

/** Return whether a number right behind the cue is the password. */
function isNumber(reading: Reading, cue: Cue, start: number, end: number): boolean {
  const { plain, low } = reading;
  const gap = low.slice(cue.end, start);
  const word = wordAt(plain, start, end);
  if (endsTold(gap)) return true;
  // As in `wrong password 60012`: the number of an error.
  if (!gap.trim() && WRONG.test(low.slice(Math.max(0, cue.start - 16), cue.start))) return false;
  if (namesOther(reading, cue.end, start) || EPOCH.test(word) || RECENT.test(word)) return false;
  return isFreeNumber(low, word, end);
}

/** Return whether a credential not far from the cue is the password and nothing else. */
function isLoose(reading: Reading, cue: Cue, start: number, end: number): boolean {
  const gap = reading.low.slice(cue.end, start);
  if (gap.length > P.loose || LINE.test(gap) || reading.has(ABSENT, cue.start, end)) return false;
  const near = reading.link(start, end, CUE, OPEN);
  return !near || near.secret || near.distance >= 4;
}

/** Return whether the number belongs to a word such as account that stands between. */
function namesOther(reading: Reading, start: number, end: number): boolean {
  const last = reading.between(OWNED, start, end).at(-1);
  return last !== undefined && !COPULA.test(reading.low.slice(last.end, end));
}

/** Return whether a word without digits is given as a value: quoted, or alone after a colon. */
function isPlainWord(reading: Reading, cue: Cue, start: number, end: number): boolean {
  const { plain, low } = reading;
  const gap = low.slice(cue.end, start);
  const word = plain.slice(start, end);
  if (!WEAK_WORD.test(word) && word.length < 4) return false;
  const after = plain.charAt(end);
  if (start > 0 && matchAt(QUOTED, plain, start - 1) && matchAt(QUOTED, after, 0)) return true;
  if (NAMES.has(word.toLowerCase())) return false;
  const isGiven = endsTold(gap) || gap.endsWith("> ");
  const isNamed = isGiven || isTold(gap) || COPULA.test(gap);
  if (isNamed && CHOSEN.test(word)) return true;
  const isForeign = !isAscii(plain.charAt(cue.end - 1));
  if (isForeign && FOREIGN.test(gap) && LATIN.test(word)) return true;
  if (isJoined(reading, start, end, isForeign)) return true;
  if (BESIDE_LOGIN.test(word) && search(EMAIL, plain, cue.start - 48, cue.start)) return true;
  const isEnd = "\n,;)".includes(after) || [". ", ".", ".\n"].includes(plain.slice(end, end + 2));
  if (isGiven || !isNamed || !isEnd || !ALONE.test(word) || !isLone(word)) return isGiven && isEnd;
  return search(SURELY, low, cue.start - 40, start) !== null;
}
