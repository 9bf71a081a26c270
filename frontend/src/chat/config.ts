// What the page brings along: its configuration and its texts, as JSON the server wrote.

import type { Addresses } from "../guard/load";
import type { Addresses as Rest } from "./later";
import type { Limits } from "./protocol";

export interface Config {
  inbox: string;
  lang: string;
  frame: boolean;
  api: string;
  socket: string;
  name: string;
  verify: string;
  contact: string;
  guard: Addresses;
  rest: Rest;
  advice: Readonly<Record<string, string>>; // kind of secret to group, the most pressing first
  languages: readonly { tag: string; label: string; href: string }[];
  limits: Limits;
  topics: readonly Topic[];
  hints: readonly string[]; // what helps to know, whatever it is about
  origins?: string[]; // the pages that may carry this chat in a frame
}

export interface Topic {
  id: string;
  label: string;
  hints: readonly string[];
}

export const config = json<Config>("config");
const strings = json<Record<string, string>>("strings");

/** Take in the texts of what comes later. */
export function learn(more: Readonly<Record<string, string>>): void {
  Object.assign(strings, more);
}

/** Return the text of a `chat.*` or `guard.*` key, `{placeholders}` filled; the key if it has none. */
export function say(key: string, values: Readonly<Record<string, string | number>> = {}): string {
  const text = strings[full(key)];
  if (text === undefined) console.error(`kefu: no text for ${full(key)}`);
  return (text ?? key).replace(/\{(\w+)\}/g, (whole, name: string) =>
    String(values[name] ?? whole),
  );
}

export function has(key: string): boolean {
  return full(key) in strings;
}

function full(key: string): string {
  return key.startsWith("guard.") ? key : `chat.${key}`;
}

function json<Value>(id: string): Value {
  return JSON.parse(document.getElementById(id)?.textContent ?? "{}") as Value;
}
