// What the guard finds, and the look for it.

/** One secret, `text.slice(start, end)`, in UTF-16 units as the page counts. */
export interface Found {
  start: number;
  end: number;
  kind: string;
  /** What a reader may still know: a phrase's number of words, a card's last four. */
  detail: string;
  /** A harmless value can look the same, so the author's word counts. */
  ambiguous: boolean;
}

/** Find the secrets in a text, in order and apart. harmless: what the author called harmless. */
export type Scan = (
  text: string,
  harmless?: readonly (readonly [start: number, end: number])[],
) => Found[];
