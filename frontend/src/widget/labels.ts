import type { Labels } from "./types";

/** The server puts every language's `chat.launcher.*` here when it serves /widget.js. */
declare const __KEFU_LABELS__: Readonly<Record<string, Labels>>;

const LABELS = __KEFU_LABELS__;
const LANGUAGES = Object.keys(LABELS);

/** Return the language we speak for the first of these tags that we know, else the first we have. */
export function language(...tags: (string | null | undefined)[]): string {
  for (const tag of tags) {
    const wanted = (tag ?? "").toLowerCase();
    const found =
      LANGUAGES.find((known) => known.toLowerCase() === wanted) ??
      LANGUAGES.find((known) => short(known) === short(wanted));
    if (found) return found;
  }
  return LANGUAGES[0] ?? "en";
}

/** Return the part of a tag that stands in the desk's addresses: `zh` for `zh-Hans`. */
export function short(tag: string): string {
  return tag.toLowerCase().split(/[-_]/)[0] ?? "";
}

export function labels(lang: string): Labels {
  return LABELS[lang] ?? {};
}
