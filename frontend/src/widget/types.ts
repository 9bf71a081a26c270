export type Labels = Partial<
  Record<"open" | "close" | "unread" | "frame" | "failed" | "page", string>
>;
export type Place = "bottom-right" | "bottom-left" | "top";
export type Handler = (detail?: unknown) => void;

/** What the script tag asked for. offset: pixels from the side and from the top or bottom. */
export interface Options {
  desk: string;
  inbox: string;
  lang: string;
  place: Place;
  offset: readonly [number, number];
}
