// Secrets in a pasted dialogue: one line asks, the next one answers with little but the value.
//
// Steps: docs/guard.md, section 9.

import { NUMBER } from "./codes";
import { STOP, TOKEN, isCredential, isShort, looksChosen, stripped } from "./credentials";
import type { Found } from "./found";
import { PACK, roles } from "./pack";
import { anywhere, endOf, matchAt, matches, search, sticky } from "./pattern";
import type { Reading } from "./reading";
import { span } from "./spans";

const P = PACK.shapes.turns;
const LINE = anywhere("[^\\n]+");
const SPEAKER = sticky(P.speaker);
const LABEL = sticky(P.label);
const QUOTE = sticky("[> \\t]*");
const ENDS = sticky(P.ends);
const FORM = sticky("[ ]*[:=][ ]*[^ \\n]");
const QUESTION = anywhere(P.question);
const PASSWORD = roles("password");
const ONE_TIME = roles("otp");
const CODE = roles("otp", "code", "message");
const OPEN = roles("number", "hash", "amount", "error", "card", "expiry", "login");
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
  const cue = reading.between(PASSWORD | CODE, start, end).at(-1);
  if (!cue || (cue.end < end && matchAt(FORM, low, cue.end))) return null;
  const isPassword = cue.roles & PASSWORD && !(cue.roles & ONE_TIME);
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
  if (!found || reading.has(OPEN, start, found.start)) return null;
  const isTold = reading.has(TOLD, first, found.start);
  const isNamed = label && (asked.isMarked || asked.isNamed);
  if (!isNamed && !isTold && !(asked.isMarked && found.start === first)) return null;
  return matchAt(ENDS, reading.low, found.end) ? found : null;
}

function password({ plain }: Reading, first: number, end: number): Found | null {
  for (const match of matches(TOKEN, plain, first, end).slice(0, P.words)) {
    const [start, last] = stripped(plain, match.index, endOf(match));
    const word = plain.slice(start, last).replace(/[.?,]+$/, "");
    if (word.startsWith("+")) return null; // a telephone number
    if (STOP.has(word.toLowerCase())) continue;
    if (looksChosen(word) || isCredential(word) || isShort(word)) {
      return span(start, start + word.length, "password");
    }
  }
  return null;
}

function code({ low }: Reading, first: number, end: number): Found | null {
  const match = search(NUMBER, low, first, end);
  if (!match || match.index - first > P.before_code) return null;
  return span(match.index, endOf(match), "otp");
}
