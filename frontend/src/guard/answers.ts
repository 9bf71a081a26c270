// Secrets in a pasted dialogue: one line asks, the next one answers with little but the value.
//
// Steps: docs/guard.md, section 9.

import { NUMBER } from "./codes";
import { STOP, TOKEN, isCredential, isShort, looksChosen, stripped } from "./credentials";
import { isJoined } from "./entered";
import type { Found } from "./found";
import { native } from "./native";
import { PACK, roles } from "./pack";
import { anywhere, endOf, matchAt, matches, search, sticky } from "./pattern";
import type { Reading } from "./reading";
import { span } from "./spans";

const P = PACK.shapes.answers;
const LINE = anywhere("[^\\n]+");
const SPEAKER = sticky(P.speaker);
const LABEL = sticky(P.label);
const QUOTE = sticky("[> \\t-]*");
const YES = sticky(P.yes);
const ENDS = sticky(P.ends);
const FORM = sticky("[ ]*[:=][ ]*[^ \\n]");
const QUESTION = anywhere(P.question);
const PASSWORD = roles("password");
const ONE_TIME = roles("otp");
const CODE = roles("otp", "code", "message");
const OPEN = roles("number", "hash", "amount", "error", "card", "expiry", "login");
const LOGIN = roles("login", "number");
const WAY = roles("way");
const NAMED = roles("password", "otp");
const TOLD = roles("told", "enter");
const LINES = 400;

/** What the last question asks for; whether with a mark or a name; how many lines ago. */
interface Asked {
  kind: "password" | "otp";
  isMarked: boolean;
  isNamed: boolean;
  age: number;
}

/** Return what answers a line that asks for a password or a code. */
export function findAnswers(reading: Reading): Found[] {
  const { low } = reading;
  if (!low.includes("\n") || !(reading.roles & (PASSWORD | CODE))) return [];
  const found: Found[] = [];
  let asked = null as Asked | null;
  for (const line of matches(LINE, low).slice(0, LINES)) {
    const end = endOf(line);
    const quote = matchAt(QUOTE, low, line.index);
    const start = quote ? endOf(quote) : line.index;
    const given: Found | null = asked && answer(reading, asked, start, end);
    if (given) found.push(given);
    const older: Asked | null = asked && { ...asked, age: asked.age + 1 };
    asked = asks(reading, start, end) ?? (older && older.age <= P.lines ? older : null);
  }
  return found;
}

/**
 * Return what a line asks for: the last word in it for a password or a code.
 *
 * Nothing if the value stands there, as in a form.
 */
function asks(reading: Reading, start: number, end: number): Asked | null {
  const { low } = reading;
  const cues = reading.between(PASSWORD | CODE, start, end);
  const last = cues.at(-1);
  if (!last || (last.end < end && matchAt(FORM, low, last.end))) return null;
  // A cue such as to confirm only says what is done.
  const { roles: said } = cues.filter((cue) => !(cue.roles & WAY) || cue.roles & NAMED).at(-1) ?? last;
  const isPassword = said & PASSWORD && !(said & ONE_TIME);
  return {
    kind: isPassword ? "password" : "otp",
    isMarked: search(QUESTION, low, start, end) !== null,
    isNamed: matchAt(SPEAKER, low, start) !== null,
    age: 0,
  };
}

/** Return the value a line gives, if the line answers. */
function answer(reading: Reading, asked: Asked, start: number, end: number): Found | null {
  const label = matchAt(LABEL, reading.low, start);
  const first = label ? endOf(label) : start;
  if (asked.age && (!label || asked.kind === "password")) return null;
  const found = (asked.kind === "password" ? password : code)(reading, first, end);
  const open = label && asked.isNamed ? OPEN & ~LOGIN : OPEN; // `User:` speaks here
  if (!found || reading.has(open, start, found.start)) return null;
  const yes = found.kind === "otp" && matchAt(YES, reading.low, first);
  const isBare = found.start === (yes ? endOf(yes) : first);
  const isTold = reading.has(TOLD, first, found.start);
  const isNamed = label && (asked.isMarked || asked.isNamed);
  if (!isNamed && !isTold && !(asked.isMarked && isBare)) return null;
  return matchAt(ENDS, reading.low, found.end) ? found : null;
}

function password(reading: Reading, first: number, end: number): Found | null {
  const value = native(reading, first);
  if (value) return value;
  const { plain } = reading;
  for (const match of matches(TOKEN, plain, first, end).slice(0, P.words)) {
    const [start, last] = stripped(plain, match.index, endOf(match));
    const word = plain.slice(start, last).replace(/[.?,]+$/, "");
    if (word.startsWith("+")) return null; // a telephone number
    if (STOP.has(word.toLowerCase())) continue;
    const until = start + word.length;
    const isValue = looksChosen(word) || isCredential(word) || isShort(word);
    const isAll = start === first && last === end;
    if (isValue || isJoined(reading, start, until, isAll)) return span(start, until, "password");
  }
  return null;
}

function code({ low }: Reading, first: number, end: number): Found | null {
  const match = search(NUMBER, low, first, end);
  if (!match || match.index - first > P.before_code) return null;
  return span(match.index, endOf(match), "otp");
}
