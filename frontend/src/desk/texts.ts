/** The texts of this page, in the reader's language, under keys of `desk.live`. */

const texts = JSON.parse(document.getElementById("strings")?.textContent ?? "{}") as Record<
  string,
  string
>;

/** Return the text of a key, its `{placeholders}` filled. */
export function say(key: string, values: Record<string, string | number> = {}): string {
  const text = texts[`desk.live.${key}`] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
