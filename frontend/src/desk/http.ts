/** Requests to the desk's own pages, with the CSRF token, and refusals as one kind of error. */

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryAfter: number | null,
    readonly body: string,
  ) {
    super(message);
  }

  /** Nothing was stored and the same request may succeed later. */
  get passing(): boolean {
    return this.status === 503 || this.status === 429 || this.status === 502 || this.status === 504;
  }
}

/** Return the CSRF token, which the server also set as a cookie. */
export function csrf(): string {
  return /(?:^|; )kefu_csrf=([^;]*)/.exec(document.cookie)?.[1] ?? "";
}

/** Return the body of a page. Throws Refused for a refusal, TypeError without a connection. */
export async function get(url: string): Promise<string> {
  return answered(await fetch(url, { headers: { "HX-Request": "true" } }));
}

/** Send JSON and return the body of the answer. Throws as `get` does. */
export async function post(url: string, body: unknown): Promise<string> {
  const headers = {
    "Content-Type": "application/json",
    "HX-Request": "true",
    "x-csrftoken": csrf(),
  };
  return answered(await fetch(url, { method: "POST", headers, body: JSON.stringify(body) }));
}

/** Go to the sign-in page, and from there back to where the agent was. */
export function signIn(): void {
  const here = encodeURIComponent(location.pathname + location.search);
  location.assign(`/desk/sign-in?ended=true&next=${here}`);
}

async function answered(response: Response): Promise<string> {
  const body = await response.text();
  if (response.ok) return body;
  const away = response.headers.get("HX-Redirect");
  if (away) signIn();
  throw refusal(response.status, body, response.headers.get("Retry-After"));
}

/** Return the refusal an answer holds: JSON of `code` and `text`, or a drawn part. */
export function refusal(status: number, body: string, retryAfter: string | null): Refused {
  let code = "";
  let text = "";
  let seconds = retryAfter === null ? null : Number(retryAfter);
  try {
    const said = JSON.parse(body) as { code?: string; text?: string; retry_after?: number };
    code = said.code ?? "";
    text = said.text ?? "";
    seconds = said.retry_after ?? seconds;
  } catch {
    const drawn = new DOMParser().parseFromString(body, "text/html").body;
    code = drawn.querySelector<HTMLElement>("[data-code]")?.dataset["code"] ?? "";
    text = drawn.textContent?.trim() ?? "";
  }
  return new Refused(status, code, text.slice(0, 300), seconds, body);
}
