/** The one socket of this page, for every element that listens. */

import { Link } from "./link";

const token = document.querySelector<HTMLMetaElement>('meta[name="kefu-socket"]')?.content ?? "";
const scheme = location.protocol === "https:" ? "wss:" : "ws:";

export const link = new Link(`${scheme}//${location.host}/ws`, token);
