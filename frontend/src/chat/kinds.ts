// Kinds of secret in words, and the advice that stands for each.

import { config, has, say } from "./config";

const LIST = new Intl.ListFormat(config.lang, { type: "conjunction" });

/** Return the advice for the most dangerous of some kinds; the configuration has them in order. */
export function adviceFor(kinds: readonly string[]): string | null {
  const known = Object.keys(config.advice).find((kind) => kinds.includes(kind));
  return known === undefined ? null : (config.advice[known] ?? null);
}

/** Return what was found as one phrase: `a password and a card number`. */
export function inWords(found: readonly { kind: string; detail: string }[]): string {
  return LIST.format(new Set(found.map(phrase)));
}

/** Return what stands where a secret was. */
export function maskWords(kind: string, detail = ""): string {
  if (detail && has(`mask.${kind}.detail`)) return say(`mask.${kind}.detail`, { detail });
  return say(has(`mask.${kind}`) ? `mask.${kind}` : "mask.other");
}

function phrase({ kind, detail }: { kind: string; detail: string }): string {
  if (detail && has(`secret.${kind}.detail`)) return say(`secret.${kind}.detail`, { detail });
  return say(has(`secret.${kind}`) ? `secret.${kind}` : "secret.other");
}
