import { frameOf, type Hello } from "./protocol";
import type { Wire, WireListener } from "./wire";

/** Open a socket at address. Never throws: what goes wrong ends the wire. */
export function openSocket(address: string, hello: Hello, listener: WireListener): Wire {
  const socket = new WebSocket(address);
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    socket.close();
    listener.ended();
  };
  socket.onopen = () => socket.send(JSON.stringify(hello));
  socket.onmessage = (event) => {
    if (over) return;
    const frame = frameOf(event.data);
    if (frame) listener.frame(frame);
    else end();
  };
  socket.onclose = end;
  socket.onerror = end;
  return {
    send(frame) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
    },
    close() {
      over = true;
      socket.close();
    },
  };
}
