// API secrets and tokens: known prefixes, JWTs, seeds of authenticator apps, values by cue.
//
// Steps: docs/guard.md, section 7.

import { looksChosen } from "./credentials";
import type { Found } from "./found";
import { PACK, roles } from "./pack";
import { anywhere, endOf, lastPart, matchAt, matches, sticky, whole } from "./pattern";
import { type Reading, isFiller } from "./reading";
import { span } from "./spans";

const P = PACK.shapes.api;
const PREFIXED = sticky(P.prefixed.join("|"));
const JWT = sticky(P.jwt);
const JWT_HEAD = sticky("eyJ[0-9A-Za-z_\\-]+");
const BEARER = anywhere(P.bearer);
const OTPAUTH = new RegExp(P.otpauth, "uyi");
const VALUE = anywhere(P.value);
const HAS_UUID = new RegExp(P.uuid, "u");
const UUID = whole(P.uuid);
const AFTER_UUID = new RegExp(`${P.uuid}[\\s/,;|:]{1,5}(?=\\n?$)`, "u");
const BASE32 = anywhere(P.base32);
const FOLLOW = sticky(P.follow);
const THIRD = sticky(P.third);
const THIRD_LABEL = roles("apipass", "phrase", "password");
const TRIPLE = anywhere(P.triple);
const HASH = whole("(?:0x)?[0-9a-f]{64}");
const PASS = sticky("[!#-+\\--:=?-~]{4,64}");
const ADDRESS = whole(PACK.shapes.address.join("|"));
const PAIR = anywhere("(?<![0-9A-Za-z])[0-9A-Za-z]{16,80}:([0-9A-Za-z\\-]{32,80})(?![0-9A-Za-z])");
const LABEL = roles("apipass", "phrase", "api");
const SECRET = roles("secret", "api", "totp");
const KEY_OR_SECRET = roles("secret", "api");
const API = roles("api");
const PREFIX = roles("prefix");
const TOLD = roles("secret");
const DRAWN = whole(P.drawn);
const API_PASS = roles("apipass");
const VERBS = new Set(PACK.shapes.password.verbs);
const TOTP = roles("totp");
const OPEN = roles("hash", "number") & ~SECRET;
const TRIES = 1000;

/** Return API secrets, access tokens and authenticator seeds. */
export function findTokens(reading: Reading): Found[] {
  const { plain, low } = reading;
  const found: Found[] = [];
  if (reading.roles & PREFIX) found.push(...prefixed(reading));
  if (/bearer|basic|token/.test(low)) found.push(...mixedValues(BEARER, low));
  if (plain.includes(":")) found.push(...mixedValues(PAIR, plain));
  if (plain.includes("-")) found.push(...triples(plain));
  if (reading.roles & SECRET) found.push(...byCue(reading));
  if (reading.roles & TOTP) found.push(...seeds(reading));
  return found;
}

/** Return secrets that begin with a known prefix, which the cues have found. */
function prefixed(reading: Reading): Found[] {
  const { plain } = reading;
  const found: Found[] = [];
  let at = 0;
  for (const { start } of reading.of(PREFIX)) {
    if (start < at) continue;
    const match =
      matchAt(PREFIXED, plain, start) ??
      matchAt(JWT, plain, start) ??
      matchAt(OTPAUTH, plain, start) ??
      matchAt(PREFIXED, plain, numberBefore(plain, start));
    if (match) found.push(span(match.index, endOf(match), "api_secret"));
    const head = match ?? matchAt(JWT_HEAD, plain, start);
    if (head) at = endOf(head); // no second look at what follows: it may be long
  }
  return found;
}

/** Return the secret and the passphrase behind a key id: `ID / SECRET / PASSPHRASE`. */
function triples(plain: string): Found[] {
  return matches(TRIPLE, plain)
    .slice(0, TRIES)
    .flatMap((match) => {
      const [, secret = "", phrase = ""] = match;
      if (HASH.test(secret) || !looksChosen(phrase)) return [];
      const first = match.index + match[0].indexOf(secret, 36);
      return [
        span(first, first + secret.length, "api_secret"),
        span(endOf(match) - phrase.length, endOf(match), "api_secret"),
      ];
    });
}

/** Return where the number of a bot, which stands before its prefix, begins, or at. */
function numberBefore(plain: string, at: number): number {
  if (plain.charAt(at - 1) !== ":") return at;
  const number = plain.slice(Math.max(0, at - 11), at - 1);
  return at - 1 - (number.length - number.replace(/[0-9]+$/, "").length);
}

function mixedValues(pattern: RegExp, text: string): Found[] {
  return matches(pattern, text)
    .filter((match) => isMixed(match[1] ?? ""))
    .map((match) => span(lastPart(match), endOf(match), "api_secret"));
}

function byCue(reading: Reading): Found[] {
  const found: Found[] = [];
  matches(VALUE, reading.plain).forEach((match, tries) => {
    const [start, end] = inner(match);
    if (tries < TRIES && !isSecret(reading, start, end)) return;
    found.push(span(start, end, "api_secret"), ...passphrase(reading, start, end));
  });
  return found;
}

/** Return the value in a word such as `secret=...`, which the shape takes in whole. */
function inner(match: RegExpExecArray): [number, number] {
  const cut = match[0].replace(/[=._-]+$/, "").lastIndexOf("=") + 1;
  const end = match[0].replace(/[._-]+$/, "").length;
  return [match.index + cut, match.index + end];
}

function isSecret(reading: Reading, start: number, end: number): boolean {
  const word = reading.plain.slice(start, end);
  if (word.length < 16 || ADDRESS.test(word)) return false;
  if (!isMixed(word) && !DRAWN.test(word)) return false;
  if (HAS_UUID.test(word) && !(UUID.test(word) && isTold(reading, start, end))) return false;
  const link = reading.link(start, end, SECRET, OPEN);
  if (!link?.secret || !(link.tight || link.before)) return isAfterId(reading, start);
  if (!(link.cue.roles & KEY_OR_SECRET) && word.length < 20) return false;
  return link.tight || word.length >= 20;
}

/** Return whether a word for the secret itself, not for the key, stands right before it. */
function isTold(reading: Reading, start: number, end: number): boolean {
  const link = reading.link(start, end, SECRET, OPEN);
  if (!link?.before) return false;
  // As in `the secret of the api`.
  if (link.cue.roles & API) return link.tight && reading.has(TOLD, start - 24, link.cue.start);
  const isNear = link.tight || start - link.cue.end <= 24;
  return isNear && (link.cue.roles & TOLD) !== 0n;
}

/** Return whether the value follows a key id at once, as in `id / secret / passphrase`. */
function isAfterId(reading: Reading, start: number): boolean {
  return followsId(reading, start) && (reading.roles & KEY_OR_SECRET) !== 0n;
}

function followsId(reading: Reading, start: number): boolean {
  return AFTER_UUID.test(reading.plain.slice(Math.max(0, start - 48), start));
}

/** Return whether word is a drawn value: digits among letters, and no dotted name. */
function isMixed(word: string): boolean {
  const digits = word.replace(/[^0-9]+/g, "").length;
  if (digits < 2 || digits === word.length) return false;
  const dashes = word.split("-").length - 1;
  const isPlain = dashes <= 2 + Math.floor(word.length / 16) && !word.slice(0, 8).includes("/");
  return isPlain || word.length >= 32;
}

/** Return the passphrase that follows a secret: labelled, or third after a key id. */
function passphrase(reading: Reading, start: number, end: number): Found[] {
  const given = third(reading, start, end);
  if (given) return [given];
  const gap = matchAt(FOLLOW, reading.low, end);
  if (!gap) return [];
  const next = endOf(gap);
  if (!followsId(reading, start) && !reading.has(LABEL, end, next)) return [];
  const word = matchAt(PASS, reading.plain, next);
  if (!word || !looksChosen(word[0])) return [];
  return [span(next, next + word[0].replace(/[.,)]+$/, "").length, "api_secret")];
}

/** Return what a third label gives, after a key id and its secret: `..., passphrase VALUE`. */
function third(reading: Reading, start: number, end: number): Found | null {
  const { plain, low } = reading;
  const gap = matchAt(THIRD, low, end);
  const label = gap && reading.between(THIRD_LABEL, end, endOf(gap)).at(-1);
  if (!gap || !label || !isFiller(low.slice(label.end, endOf(gap)))) return null;
  if (!HAS_UUID.test(plain.slice(Math.max(0, start - P.near_id), start))) return null;
  const word = matchAt(PASS, plain, endOf(gap))?.[0];
  if (!word) return null;
  const last = endOf(gap) + word.replace(/[.,)"']+$/, "").length;
  const isLast = /^[.,)"' \n]*$/.test(plain.slice(last, last + 2));
  return looksChosen(word) || isLast ? span(endOf(gap), last, "api_secret") : null;
}

/** Return base32 seeds beside the words for an authenticator app. */
function seeds(reading: Reading): Found[] {
  const found: Found[] = [];
  for (const match of matches(BASE32, reading.plain)) {
    if (/^[a-z -]+$/.test(match[0])) continue;
    const link = reading.link(match.index, endOf(match), TOTP, OPEN);
    if (link?.secret && (link.before || link.tight)) {
      found.push(span(match.index, endOf(match), "api_secret"));
    }
  }
  return found;
}

/** Return whether a password belongs to an API key. secrets: where API secrets end. */
export function isInApiContext(reading: Reading, one: Found, secrets: readonly number[]): boolean {
  const { low } = reading;
  let near = one.start - P.near_named;
  const cue = reading.between(API_PASS, near, one.start).at(-1);
  if (!cue) return false;
  if (VERBS.has(low.slice(cue.start, cue.end))) {
    near = Math.max(near, low.slice(0, one.start).lastIndexOf("\n") + 1); // the password of what?
  } else if (reading.has(TOLD, one.end, one.end + 24)) return true;
  if (reading.has(API, near, one.start)) return true;
  const last = Math.max(-1, ...secrets.filter((end) => end <= one.start));
  if (last < 0 || one.start - last > P.near_pass) return false;
  return !low.slice(last, one.start).includes("@");
}
