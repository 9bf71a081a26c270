// A message's text as pieces to draw. The grammar of mask tokens is that of kefu/core/text.py.

export type Piece =
  | { is: "words"; text: string }
  | { is: "link"; text: string }
  | { is: "mask"; kind: string; detail: string };

const TOKEN = /⟪(?:([a-z_]+)(?::([^⟪⟫]*))?)?⟫/g;
const LINK = /https?:\/\/[^\s<>"'`⟪⟫\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+/g;
const AFTER_LINK = /[.,;:!?)\]}]+$/;

/** Return the pieces of stored text: words, links, and what was removed; `⟪⟫` is a literal `⟪`. */
export function pieces(stored: string): Piece[] {
  const found: Piece[] = [];
  let words = "";
  let at = 0;
  for (const match of stored.matchAll(TOKEN)) {
    words += stored.slice(at, match.index);
    at = match.index + match[0].length;
    if (!match[1]) words += "⟪";
    else {
      found.push(...linked(words), { is: "mask", kind: match[1], detail: match[2] ?? "" });
      words = "";
    }
  }
  return [...found, ...linked(words + stored.slice(at))];
}

/** Return the pieces of text as typed, in which nothing stands for anything else. */
export function linked(text: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    const link = match[0].replace(AFTER_LINK, "");
    if (match.index > at) found.push({ is: "words", text: text.slice(at, match.index) });
    found.push({ is: "link", text: link });
    at = match.index + link.length;
  }
  if (at < text.length) found.push({ is: "words", text: text.slice(at) });
  return found;
}
