import { App } from "./app";
import { config } from "./config";
import { part } from "./dom";

const isFramed = config.frame && parent !== window;
document.documentElement.classList.toggle("is-framed", isFramed);
if (!isFramed) part("text").focus({ preventScroll: true }); // a frame waits until its window opens
void new App().start();
