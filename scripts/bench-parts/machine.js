import os from 'node:os';

/** What a figure means nothing without. Load far from 0 says that others were at work on the machine. */
export function machineFacts() {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model ?? 'unknown',
    cores: cpus.length,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    openssl: process.versions.openssl,
    load: os.loadavg()[0].toFixed(2),
  };
}
