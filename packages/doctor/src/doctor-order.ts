import type { LocalEngine } from '@docker-mtls/engine';
import type { Certificate } from '@docker-mtls/ca';
import type { StoredContext } from '@docker-mtls/context';
import type { ClientCredentials } from './address/order.ts';
import type { FoundFinding } from './found.ts';
import type { DoctorTarget } from './target.ts';

/** What is to be looked at, from where. */
export type DoctorOrder = {
  readonly targets: readonly DoctorTarget[];
  /** The engine of this machine. */
  readonly engine: LocalEngine;
  /** The CA directory, whether there is one or not. */
  readonly caDirectory: string;
  /** The folder in which bundles and exported credentials are looked for. */
  readonly folder: string;
  /** A client whom the engines accept, where there is one. */
  readonly client?: ClientCredentials | undefined;
  /** The CAs of this machine's CA directory, if it has one. */
  readonly roots?: readonly Certificate[] | undefined;
  /** The folder of the Docker CLI, where contexts are. */
  readonly dockerFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Was a newer certificate issued to the client of a context? The answer for people, or nothing. */
  readonly newerThan?: ((context: StoredContext) => Promise<string | undefined>) | undefined;
  /** Milliseconds for one address. */
  readonly patienceMs: number;
  readonly now: () => Date;
  /** Told after each target. */
  readonly onDone?: ((done: number, all: number) => void) | undefined;
};

/** What came of one target. */
export type Diagnosis = {
  readonly target: string;
  readonly found: readonly FoundFinding[];
  /** What could not be looked at, and why. */
  readonly unseen: readonly string[];
  /** Why nothing of it could be looked at. */
  readonly failed?: string;
};
