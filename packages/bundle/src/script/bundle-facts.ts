import { type EngineHost } from '../layout/engine-host.ts';

/** What a bundle says about itself, in its README and at the head of its scripts. */
export type BundleFacts = {
  /** The client's name, as engines see it. */
  readonly client: string;
  /** The engines that the bundle is for; scripts choose the first. */
  readonly hosts: readonly [EngineHost, ...EngineHost[]];
  readonly serial: string;
  readonly notAfter: Date;
  /** SHA-256 over the certificate, in lower-case hex. */
  readonly fingerprint: string;
};

/** The facts in two or three lines, for the head of a script. */
export function headline({ client, hosts, notAfter, fingerprint }: BundleFacts): readonly string[] {
  return [
    `docker-mtls: lets ${client} use ${hosts[0].url}, until ${isoDate(notAfter)}`,
    `SHA-256 fingerprint of the certificate: ${fingerprint}`,
    ...hosts.slice(1).map(({ url }) => `Another engine of this bundle: ${url}`),
  ];
}

/** To the second, in UTC. */
export function isoDate(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
