import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** A process that does not get to its work for so long is ended, and started again by its supervisor. */
const ENDED_AFTER_MS = 2000;
const LOOKS = 4;

/**
 * The thread counts looks without progress rather than time: a machine or process that was suspended has made none either, and is
 * given its time again. The engine waits for a hung plugin without limit; of one that has ended, it says so after 15 s.
 */
const SOURCE = `
const { workerData } = require('node:worker_threads');
const beats = new Int32Array(workerData.memory);
const pause = new Int32Array(new SharedArrayBuffer(4));
for (let last = -1, looks = 0; ; ) {
  Atomics.wait(pause, 0, 0, workerData.every);
  const now = Atomics.load(beats, 0);
  looks = now === last ? looks + 1 : 0;
  last = now;
  if (looks >= workerData.looks) process.kill(process.pid, 'SIGKILL');
}
`;

/**
 * Ends this process when its event loop is blocked for 2 s. Call what it resolves to to stop watching. It resolves when the thread runs:
 * until then, starting it takes the event loop.
 */
export async function startWatchdog(): Promise<() => void> {
  const memory = new SharedArrayBuffer(4);
  const beats = new Int32Array(memory);
  const every = ENDED_AFTER_MS / LOOKS;
  const worker = new Worker(SOURCE, {
    eval: true,
    workerData: { memory, every, looks: LOOKS },
    // Flags of the process, such as --input-type, would change how the source is read.
    execArgv: [],
  });
  await once(worker, 'online');
  worker.unref();
  const timer = setInterval(() => Atomics.add(beats, 0, 1), every / 2);
  timer.unref();
  return () => {
    clearInterval(timer);
    void worker.terminate();
  };
}
