// Cues that mean more together than apart: a word for code beside what the code is for.
//
// Steps: docs/guard.md, section 2.

import { PACK, roles } from "./pack";
import { whole } from "./pattern";

const P = PACK.shapes.compound;
const GAP = whole(P.gap);
const CODE = roles("code");
const DIGITS = roles("digits");
const WAY = roles("way");
const OTP = roles("otp");
const MESSAGE = roles("message", "otp", "came");
const SENT = roles("message", "otp");
const PASSWORD = roles("password");
const OWN = roles("number", "error", "cvv", "card", "password", "api", "secret");
const NUMBER = roles("number");
const HARMLESS = roles("number", "error");
const BESIDE = WAY | MESSAGE | HARMLESS;
const NAMED = CODE | DIGITS | PASSWORD;

/** One cue in the text; roles is a set of bits, see `roles`. */
export interface Cue {
  start: number;
  end: number;
  roles: bigint;
}

/** Return cues with those that name one kind of code together made one. seen: all roles. */
export function joined(cues: readonly Cue[], low: string, seen: bigint): readonly Cue[] {
  if (!(seen & NAMED) || !(seen & BESIDE)) return cues;
  const found: Cue[] = [];
  for (const cue of cues) {
    const last = found.at(-1);
    const together = last && isNear(last, cue, low) ? meaning(last.roles, cue.roles) : 0n;
    if (last && together) {
      found[found.length - 1] = { start: last.start, end: cue.end, roles: together };
    } else found.push(cue);
  }
  return found;
}

function isNear(last: Cue, cue: Cue, low: string): boolean {
  if (cue.start - last.end > P.widest || low.charAt(cue.end) === "-") return false;
  return GAP.test(low.slice(last.end, cue.start));
}

/** Return the roles of two cues together, or 0 where they stay two. */
function meaning(one: bigint, other: bigint): bigint {
  if (namesCode(one, other) || namesCode(other, one)) return one | other | OTP;
  if (isSent(other, one) || isSent(one, other)) return (other & PASSWORD ? other : one) | OTP;
  return namesOther(one, other) || namesOther(other, one);
}

/** Return whether a password is one that a message brought. */
function isSent(noun: bigint, way: bigint): boolean {
  return (noun & PASSWORD) !== 0n && (way & SENT) !== 0n;
}

/** Return the roles of a code that is for something else, such as a coupon, or 0. */
function namesOther(noun: bigint, of: bigint): bigint {
  if (!(noun & CODE) || noun & (OTP | OWN | WAY) || !(of & HARMLESS)) return 0n;
  return of & (OTP | WAY | PASSWORD | CODE) ? 0n : of;
}

/** Return whether a noun and what stands beside it name a one-time code. */
function namesCode(noun: bigint, way: bigint): boolean {
  const own = way & WAY ? OWN & ~NUMBER : OWN;
  if (noun & OWN || way & own || !(noun & (CODE | DIGITS))) return false;
  return (way & (noun & CODE ? WAY | OTP : MESSAGE)) !== 0n;
}
