import { frameOf, type Hello } from "./protocol";
import type { Wire, WireListener } from "./wire";

/** Open a socket at a path of this site. Never throws: what goes wrong ends the wire. */
export function openSocket(path: string, hello: Hello, listener: WireListener): Wire {
  const address = new URL(path, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  const socket = new WebSocket(address.href);
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
