// The desk's HTTP interface, with the visitor's token in a header and never in an address.

import type { Problem } from "./protocol";

/** A refused or failed request: `code` and `text` as the server put them, for people to read. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    readonly text: string,
    readonly retryAfter?: number,
  ) {
    super(code);
  }

  frame(key?: string): Problem {
    const { code, text, retryAfter } = this;
    return {
      type: "error",
      code,
      text,
      ...(key !== undefined && { key }),
      ...(retryAfter !== undefined && { retry_after: retryAfter }),
    };
  }

  static async from(response: Response): Promise<Refused> {
    const body = (await response.json().catch(() => ({}))) as Partial<Problem>;
    return new Refused(body.code ?? `http.${response.status}`, body.text ?? "", body.retry_after);
  }
}

export class Api {
  constructor(
    readonly base: string,
    readonly token: () => string | null,
  ) {}

  headers(): Record<string, string> {
    const token = this.token();
    return token ? { Authorization: `Bearer ${token}` } : {};
  }

  /** Return the JSON answer. Raises Refused, or TypeError when the network fails. */
  async post<Answer>(path: string, body: unknown, signal?: AbortSignal): Promise<Answer> {
    const headers = { ...this.headers(), "Content-Type": "application/json" };
    const text = JSON.stringify(body);
    return this.#json(
      await this.#ask(path, { method: "POST", headers, body: text, ...(signal && { signal }) }),
    );
  }

  async get<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
    return this.#json(
      await this.#ask(path, { headers: this.headers(), ...(signal && { signal }) }),
    );
  }

  async blob(path: string): Promise<Blob> {
    return (await this.#ask(path, { headers: this.headers() })).blob();
  }

  async #ask(path: string, init: RequestInit): Promise<Response> {
    const response = await fetch(this.base + path, {
      credentials: "omit",
      cache: "no-store",
      ...init,
    });
    if (!response.ok) throw await Refused.from(response);
    return response;
  }

  async #json<Answer>(response: Response): Promise<Answer> {
    return response.status === 204 ? (undefined as Answer) : ((await response.json()) as Answer);
  }
}
