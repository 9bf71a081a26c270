import { config, say } from "./config";

const CLOCK = new Intl.DateTimeFormat(config.lang, {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const DAY = new Intl.DateTimeFormat(config.lang, { dateStyle: "medium" });
const WEEKDAY = new Intl.DateTimeFormat(config.lang, {
  month: "short",
  day: "numeric",
  weekday: "short",
});
const DAY_MS = 86_400_000;

export function clock(at: string): string {
  return CLOCK.format(new Date(at));
}

export function day(at: string, now = new Date()): string {
  const days = Math.round((midnight(now) - midnight(new Date(at))) / DAY_MS);
  if (days === 0) return say("day.today");
  if (days === 1) return say("day.yesterday");
  return (days < 180 ? WEEKDAY : DAY).format(new Date(at));
}

/** Return an instant to come: the time, and the day if it is not today. */
export function moment(at: string, now = new Date()): string {
  const time = clock(at);
  const days = Math.round((midnight(new Date(at)) - midnight(now)) / DAY_MS);
  if (days === 0) return time;
  if (days === 1) return say("moment.tomorrow", { time });
  return say("moment.day", { day: WEEKDAY.format(new Date(at)), time });
}

export function size(bytes: number): string {
  const kilo = bytes < 1_000_000;
  const value = kilo
    ? Math.max(1, Math.round(bytes / 1024))
    : Math.round((bytes / 1_048_576) * 10) / 10;
  return `${value.toLocaleString(config.lang)} ${kilo ? "kB" : "MB"}`;
}

/** Return the number of code points, as the desk counts characters. */
export function length(text: string): number {
  return [...text].length;
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
