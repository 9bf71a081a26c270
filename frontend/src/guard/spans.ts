// What a rule finds, and how findings that overlap become one.

import type { Found } from "./found";

/** Kinds of secret, the more dangerous first: where two overlap, that one is kept. */
export const KINDS = [
  "mnemonic",
  "xprv",
  "wif",
  "private_key",
  "api_secret",
  "iban",
  "national_id",
  "card_number",
  "card_cvv",
  "password",
  "otp",
  "own",
];

export function span(
  start: number,
  end: number,
  kind: string,
  detail = "",
  ambiguous = false,
): Found {
  return { start, end, kind, detail, ambiguous };
}

/** Return spans in order, those that overlap joined under the more dangerous kind. */
export function merged(spans: readonly Found[]): Found[] {
  const apart: Found[] = [];
  for (const one of [...spans].sort(inOrder)) {
    const last = apart.at(-1);
    if (last && one.start < last.end) apart[apart.length - 1] = joined(last, one);
    else apart.push(one);
  }
  return apart;
}

function inOrder(one: Found, other: Found): number {
  return (
    one.start - other.start ||
    one.end - other.end ||
    compared(one.kind, other.kind) ||
    compared(one.detail, other.detail) ||
    Number(one.ambiguous) - Number(other.ambiguous)
  );
}

function compared(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function joined(one: Found, other: Found): Found {
  const kept = KINDS.indexOf(other.kind) < KINDS.indexOf(one.kind) ? other : one;
  return {
    ...kept,
    start: Math.min(one.start, other.start),
    end: Math.max(one.end, other.end),
    ambiguous: one.ambiguous && other.ambiguous,
  };
}
