import type { Api } from "./http";
import { Refused } from "./http";
import type { FileInfo, Limits, Problem } from "./protocol";

const BY_ENDING: Readonly<Record<string, string>> = {
  csv: "text/csv",
  har: "application/json",
  json: "application/json",
  log: "text/plain",
  md: "text/plain",
  txt: "text/plain",
  pdf: "application/pdf",
};

export type Unfit = "empty" | "too_large" | "type";

export function typeOf(file: File): string {
  const ending = file.name.toLowerCase().split(".").pop() ?? "";
  return file.type || BY_ENDING[ending] || "application/octet-stream";
}

/**
 * Return why the desk would surely refuse this file, or null. Browsers name types in many ways, so
 * any sound, film, text or picture passes here; the desk looks into it and decides.
 */
export function unfit(file: File, limits: Limits): Unfit | null {
  if (file.size === 0) return "empty";
  if (file.size > limits.file) return "too_large";
  const type = typeOf(file);
  const family = type.replace(/\/.*/, "/");
  const ending = BY_ENDING[file.name.toLowerCase().split(".").pop() ?? ""];
  const fits = limits.types.some(
    (known) =>
      known === type || known === ending || (family !== "application/" && known.startsWith(family)),
  );
  return fits ? null : "type";
}

/** Send a file. Resolves to what the desk stored; rejects with Refused. By XMLHttpRequest, which alone tells progress. */
export function upload(
  api: Api,
  file: File,
  progress: (part: number) => void,
  signal: AbortSignal,
): Promise<FileInfo> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const request = new XMLHttpRequest();
    request.open("POST", `${api.base}/files`);
    for (const [name, value] of Object.entries(api.headers()))
      request.setRequestHeader(name, value);
    request.setRequestHeader("Content-Type", typeOf(file));
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.responseType = "json";
    request.upload.onprogress = (event) => progress(event.total ? event.loaded / event.total : 0);
    request.onerror = () => reject(new Refused("network", ""));
    request.onload = () => {
      if (request.status < 300) resolve(request.response as FileInfo);
      else reject(refusal(request));
    };
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

function refusal(request: XMLHttpRequest): Refused {
  const problem = (request.response ?? {}) as Partial<Problem>;
  return new Refused(
    problem.code ?? `http.${request.status}`,
    problem.text ?? "",
    problem.retry_after,
  );
}
