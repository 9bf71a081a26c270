/** Unanswered customers in the title of the tab, and a soft sound when one more waits. */

import { isOn } from "./settings";

let title = document.title;
let waiting = new Set<string>();
let audio: AudioContext | null = null;

/** Watch the list for customers who begin to wait. */
export function startBell(): void {
  waiting = whoWaits();
  ring(false);
  document.addEventListener("kefu:listed", () => {
    const now = whoWaits();
    const news = [...now].some((key) => !waiting.has(key));
    waiting = now;
    ring(news);
  });
  document.addEventListener("kefu:titled", () => {
    title = document.title.replace(/^\(\d+\) /, "");
    ring(false);
  });
}

/** A key for each wait: a customer who writes again after an answer waits anew. */
function whoWaits(): Set<string> {
  const rows = document.querySelectorAll<HTMLElement>("#entries [data-waiting]");
  return new Set([...rows].map((row) => `${row.id} ${row.dataset["waiting"]}`));
}

function ring(news: boolean): void {
  document.title = waiting.size ? `(${waiting.size}) ${title}` : title;
  if (news && isOn("sound") && (document.hidden || !document.hasFocus())) chime();
}

function chime(): void {
  audio ??= new AudioContext();
  const start = audio.currentTime;
  for (const [delay, pitch] of [[0, 660], [0.14, 880]] as const) {
    const tone = new OscillatorNode(audio, { type: "sine", frequency: pitch });
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.linearRampToValueAtTime(0.08, start + delay + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + delay + 0.35);
    tone.connect(volume).connect(audio.destination);
    tone.start(start + delay);
    tone.stop(start + delay + 0.4);
  }
}
