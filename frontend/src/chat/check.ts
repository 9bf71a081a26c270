// Whether a text may leave the page. The engine is fetched for the first text that may hold a
// secret; until then, and for any other text, a quick look is enough.

import type { Found, Scan } from "../guard/found";
import { loadGuard } from "../guard/load";
import { mayBeginPhrase, mayHoldSecret } from "../guard/suspect";
import { config } from "./config";
import type { Pair } from "./harmless";

export class Check {
  #scan: Scan | null = null;

  /** Fetch the engine already while the text is being written. */
  foresee(text: string): void {
    if (this.#scan || !mayHoldSecret(text)) return;
    this.#engine().catch(() => undefined); // tried again when the text is sent
  }

  /** Return whether the text is known to hold nothing, without waiting for the engine. */
  isClean(text: string, harmless: readonly Pair[] = []): boolean {
    return !mayHoldSecret(text) || this.#scan?.(text, harmless).length === 0;
  }

  /** Return whether the text may stay on the device: it holds nothing, not even in part. */
  mayStay(text: string): boolean {
    return this.isClean(text) && !mayBeginPhrase(text);
  }

  /** Return what the text holds. Rejects while the engine cannot be fetched. */
  async find(text: string, harmless: readonly Pair[] = []): Promise<Found[]> {
    return mayHoldSecret(text) ? (await this.#engine())(text, harmless) : [];
  }

  async #engine(): Promise<Scan> {
    return (this.#scan ??= await loadGuard(config.guard));
  }
}
