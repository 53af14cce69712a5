import net from 'node:net';

/**
 * Ends this process as SIGTERM does when docker closes the socket on which it waits for its plugin: docker hands on no
 * signal, but closes that at the first one, and when it dies (docker/cli cli-plugins/socket). It never keeps us running.
 */
export function stopWithDocker(address: string): void {
  // Go writes @ for the byte with which the name of an abstract socket begins.
  const socket = net.connect({ path: address.replace(/^@/, '\0') });
  let isConnected = false;
  socket.unref();
  socket.once('connect', () => {
    isConnected = true;
  });
  // Docker writes nothing to it; without a reader its end would not be seen.
  socket.resume();
  // Older releases have no such socket, or have closed it already.
  socket.once('error', () => undefined);
  socket.once('close', () => {
    if (isConnected) process.kill(process.pid, 'SIGTERM');
  });
}
