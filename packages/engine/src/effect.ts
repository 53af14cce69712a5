import type { Certificate } from '@docker-mtls/ca';
import { formatTcpHost, isLoopback, sameAddress } from '@docker-mtls/daemon-config';
import type { TcpAddress } from '@docker-mtls/daemon-config';
import type { ClientView } from './client-view.ts';

/** What a change does to others. */
export type Effect = {
  /** Names by which clients reach the engine, and that its new certificate lacks. */
  readonly lostNames: readonly string[];
  /** CAs whose clients are accepted now and are not then. */
  readonly lostAuthorities: readonly Certificate[];
  /** Addresses that clients reach now and do not then. */
  readonly closed: readonly TcpAddress[];
  /** Addresses that are reached from more places than before. */
  readonly opened: readonly TcpAddress[];
};

/** Compares two views. A CA is told by its key: a name can be copied, and a renewed certificate is the same CA. */
export function effect(before: ClientView, after: ClientView): Effect {
  const trusts = ({ info }: Certificate): boolean =>
    after.authorities.some((other) => other.info.publicKey.equals(info.publicKey));
  // Where nobody is accepted for a certificate, nobody is there who could be cut off.
  const isServing = before.authorities.length > 0;
  return {
    lostNames: isServing ? before.names.filter((name) => !after.names.includes(name)) : [],
    lostAuthorities: before.authorities.filter((authority) => !trusts(authority)),
    closed: isServing ? before.addresses.filter((address) => !isReached(address, after.addresses)) : [],
    opened: after.addresses.filter((address) => !isReached(address, before.addresses)),
  };
}

export function cutsOff({ lostNames, lostAuthorities, closed }: Effect): boolean {
  return lostNames.length + lostAuthorities.length + closed.length > 0;
}

/** Who reached the address reaches one of these, from everywhere. */
function isReached(address: TcpAddress, addresses: readonly TcpAddress[]): boolean {
  return addresses.some(
    (other) => sameAddress(other, address) || (other.port === address.port && isAll(other)),
  );
}

/** Go opens both for IPv4 and IPv6 (favoriteAddrFamily in its package net). */
function isAll({ host }: TcpAddress): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** For a warning. */
export function openedText(address: TcpAddress): string {
  const place = formatTcpHost(address).replace('tcp://', '');
  if (isLoopback(address.host)) return `${place} becomes reachable for every user of this machine`;
  const from = isAll(address) ? 'every network of this machine' : `the networks that reach ${address.host}`;
  return `${place} becomes reachable from ${from}`;
}
