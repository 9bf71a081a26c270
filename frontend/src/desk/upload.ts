/** Files on their way to the server, with progress. */

import type { Attached } from "./drafts";
import { csrf, refusal } from "./http";

/** Store a file and return what a message names it by. Throws Refused or TypeError. */
export function upload(file: File, onProgress: (share: number) => void): Promise<Attached> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/desk/files");
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name || "image.png"));
    request.setRequestHeader("x-csrftoken", csrf());
    request.upload.addEventListener("progress", (event) => onProgress(event.loaded / event.total));
    request.addEventListener("error", () => reject(new TypeError("no connection")));
    request.addEventListener("load", () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText) as Attached);
      else reject(refusal(request.status, request.responseText, null));
    });
    request.send(file);
  });
}
