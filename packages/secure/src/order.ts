import type { Access, CaOrder, PairOrder } from '@docker-mtls/authority';
import type { FlatLayout } from '@docker-mtls/bundle';
import type { EngineOrder } from './engine/engine-order.ts';

/** What is to be true at the end: a CA, a pair for the engine, pairs for its clients, and an engine that asks for them. */
export type SecureOrder = {
  /** The CA directory, and who is at work. */
  readonly access: Access;
  /** How the CA is made where there is none. */
  readonly newCa: Omit<CaOrder, 'directory'>;
  readonly server: PairOrder;
  readonly clients: readonly ClientOrder[];
  readonly engine: EngineOrder;
  /** A folder that gets a copy of the server's files. */
  readonly out: string | undefined;
  /** The addresses of this machine. */
  readonly own: readonly string[];
};

export type ClientOrder = { readonly pair: PairOrder; readonly bundle: ArchiveOrder };

/** Where a client's archive goes. */
export type ArchiveOrder = {
  readonly file: string;
  /** undefined: a folder that knows its engine. */
  readonly layout: FlatLayout | undefined;
  /** Was the file named? Then another file there is an error, else it is only reported. */
  readonly isNamed: boolean;
};
