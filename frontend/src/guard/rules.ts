// The rules in force.

import { findAnswers } from "./answers";
import { findCards } from "./cards";
import { findCodes, findSecurityCodes } from "./codes";
import { findSpelled } from "./counted";
import { findEchoes } from "./echoes";
import type { Flat } from "./fold";
import type { Found } from "./found";
import { findIbans, findIdentities } from "./identities";
import { findImplied } from "./implied";
import { findJoined } from "./joined";
import { findGrouped, findKeys } from "./keys";
import { findMnemonics } from "./mnemonic";
import { roles } from "./pack";
import { findPairs } from "./pairs";
import { findPasswords } from "./passwords";
import { Reading } from "./reading";
import { merged } from "./spans";
import { findTokens, isInApiContext } from "./tokens";

const DIGITS = /[0-9][^A-Za-z]{0,3}[0-9][^A-Za-z]{0,3}[0-9]/;
const LONG = /[0-9A-Za-z+/=_-]{16}|(?:[A-Za-z2-7]{4}[ -]){3}/;
const LIST = /[0-9]{1,3}[ ]?,[ \n]?[0-9]{1,3}[ ]?,[ \n]?[0-9]{1,3}[ ]?,|crypto/;
const CODE = roles("otp");
const SECRETS = 50;
const FRAMED = roles("frame", "prefix");
const PASSWORD = roles("password", "login");

/**
 * Return what the rules find in a text, in order and apart.
 *
 * Cheap looks first: a text without three digits, a long word, a password cue or a row of
 * words is done.
 */
export function find(flat: Flat): Found[] {
  const reading = new Reading(flat);
  const spans = found(reading);
  spans.push(...findEchoes(reading, spans));
  const secrets = spans
    .filter((one) => one.kind === "api_secret")
    .map((one) => one.end)
    .slice(0, SECRETS);
  return merged(
    spans.map((one) => {
      const isApi = one.kind === "password" && isInApiContext(reading, one, secrets);
      return isApi ? { ...one, kind: "api_secret" } : one;
    }),
  );
}

function found(reading: Reading): Found[] {
  const { plain, roles: said } = reading;
  const spans = said & PASSWORD ? findPasswords(reading) : [];
  spans.push(...findPairs(reading));
  spans.push(...findSpelled(reading));
  if (DIGITS.test(plain) || (said & CODE && /[0-9]/.test(plain))) {
    spans.push(...findCards(reading), ...findCodes(reading), ...findSecurityCodes(reading));
    spans.push(...findIbans(reading), ...findIdentities(reading));
  }
  spans.push(...findGrouped(reading));
  if (said & FRAMED || LONG.test(plain) || LIST.test(plain)) {
    spans.push(...findKeys(reading), ...findTokens(reading));
  }
  spans.push(...findAnswers(reading), ...findImplied(reading));
  spans.push(...findJoined(reading), ...findMnemonics(reading));
  return spans;
}
