// Patterns by the ways the rules use them: from a place, at a place, the whole of a text.

/** A pattern to look for with `search` and `matches`. */
export function anywhere(source: string): RegExp {
  return new RegExp(source, "gu");
}

/** A pattern to try with `matchAt`. */
export function sticky(source: string): RegExp {
  return new RegExp(source, "uy");
}

/** A pattern for a whole text, for `test`. */
export function whole(source: string): RegExp {
  return new RegExp(`^(?:${source})$`, "u");
}

export function anyOf(words: Iterable<string>): string {
  return [...words].sort((one, other) => other.length - one.length).join("|");
}

/** Return the first match that begins at `from` or later and ends before `to`. */
export function search(
  pattern: RegExp,
  text: string,
  from = 0,
  to = text.length,
): RegExpExecArray | null {
  pattern.lastIndex = Math.max(0, from);
  return pattern.exec(to < text.length ? text.slice(0, to) : text);
}

/** Return the matches between `from` and `to`, as `search` would find one after another. */
export function matches(
  pattern: RegExp,
  text: string,
  from = 0,
  to = text.length,
): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  const within = to < text.length ? text.slice(0, to) : text;
  pattern.lastIndex = Math.max(0, from);
  for (let match = pattern.exec(within); match; match = pattern.exec(within)) {
    found.push(match);
    if (match[0] === "") pattern.lastIndex += 1;
  }
  return found;
}

/** Return the match that begins at `at`. */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

export function endOf(match: RegExpExecArray): number {
  return match.index + match[0].length;
}

/** Return where the first group begins that ends with the match. */
export function lastPart(match: RegExpExecArray): number {
  return endOf(match) - (match[1] ?? "").length;
}
