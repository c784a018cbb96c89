// Transports whose lines are slow, or say other than they were told.
import type { Connection, Transport } from "@festina/network";
import type { Clock } from "@festina/primitives";

/** Whatever is sent leaves this much later, in order. */
export function delayed(transport: Transport, clock: Clock, delayMs: number): Transport {
  if (delayMs === 0) return transport;
  const slow = (connection: Connection): Connection => {
    const send = connection.send.bind(connection);
    connection.send = (frame) => {
      const copy = frame.slice();
      clock.setTimer(delayMs, () => send(copy));
      return true;
    };
    return connection;
  };
  return {
    nodeId: transport.nodeId,
    listen: (at, onConnection) => transport.listen(at, (connection) => onConnection(slow(connection))),
    dial: async (address) => {
      const dialled = await transport.dial(address);
      return dialled.ok ? { ok: true, value: slow(dialled.value) } : dialled;
    },
    close: () => transport.close(),
  };
}

/** What is sent becomes what `change` makes of it. */
export function changed(transport: Transport, change: (frame: Uint8Array) => readonly Uint8Array[]): Transport {
  const wrap = (connection: Connection): Connection => {
    const send = connection.send.bind(connection);
    connection.send = (frame) => change(frame).every((other) => send(other));
    return connection;
  };
  return {
    nodeId: transport.nodeId,
    listen: (at, onConnection) => transport.listen(at, (connection) => onConnection(wrap(connection))),
    dial: async (address) => {
      const dialled = await transport.dial(address);
      return dialled.ok ? { ok: true, value: wrap(dialled.value) } : dialled;
    },
    close: () => transport.close(),
  };
}
