// Passwords in letters of their own script (`密码小明abc520`), or of several words.
//
// Steps: docs/guard.md, section 8.

import type { Cue } from "./compounds";
import { STOP } from "./credentials";
import type { Found } from "./found";
import { ANY, PACK, roles } from "./pack";
import { endOf, lastPart, matchAt, sticky } from "./pattern";
import { type Reading, isFiller } from "./reading";
import { span } from "./spans";

const P = PACK.shapes.password;
const NATIVE = sticky(P.native);
const NEVER = new RegExp(P.native_never, "u");
const UNIT = sticky(P.native_unit);
const SPOKEN = sticky(P.spoken);
const PASSPHRASE = new RegExp(P.spoken_cue, "u");
const NAMED = roles("password", "otp", "amount", "error", "hash", "card", "phrase", "absent");
const OTHER = ANY & ~roles("code", "way", "digits", "negate", "number");
const SHORTEST = 4;

/** Return the letters and digits right behind a cue, where no words join them to it. */
export function native(reading: Reading, at: number): Found | null {
  const match = matchAt(NATIVE, reading.plain, at);
  if (!match) return null;
  const [start, end] = [lastPart(match), endOf(match)];
  const letters = /^[^0-9A-Za-z]+/.exec(match[1] ?? "")?.[0];
  if (!letters || end - start < SHORTEST || isFiller(letters)) return null;
  if (NEVER.test(letters) || matchAt(UNIT, reading.plain, end)) return null;
  return reading.has(OTHER, start, end) ? null : span(start, end, "password");
}

/** Return the words to the end of the line that are said to be a passphrase, without quotes. */
export function spoken(reading: Reading, cue: Cue): Found | null {
  const { plain } = reading;
  const match = matchAt(SPOKEN, plain, cue.end);
  const value = match?.[1];
  if (!match || !value) return null;
  const start = match.index + match[0].lastIndexOf(value);
  const isNamed = PASSPHRASE.test(reading.low.slice(cue.start, cue.end)) || /^[:=]$/.test(plain.slice(cue.end, start).trim());
  const words = value.toLowerCase().split(/\s+/).filter(Boolean);
  if (!isNamed || words.length < P.spoken_words || words.some((word) => STOP.has(word))) return null;
  const end = start + value.length;
  return reading.has(NAMED, start, end) ? null : span(start, end, "password");
}
