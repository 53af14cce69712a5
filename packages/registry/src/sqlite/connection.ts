import nodePath from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { hasCode } from '@docker-mtls/errors';
import { RegistryError } from '../error.ts';
import { openSqlite } from './open-sqlite.ts';
import type { OpenOptions, SqliteDatabase, SqliteStatement, SqlRow, SqlValue } from './sqlite.ts';
import { requireLocks } from './require-locks.ts';
import { explainSqliteError, isBusy } from './sqlite-error.ts';

export type LockWait = {
  /** Called once when the lock was not to be had within `noticeAfter`. */
  readonly onWait?: (() => void) | undefined;
  /** Milliseconds until `onWait`. */
  readonly noticeAfter?: number;
  /** Milliseconds until `REGISTRY_BUSY`. */
  readonly patience?: number;
};

/**
 * libsql frees what it holds of a query when Node's event loop turns, which it does not while one answer follows another: a
 * kilobyte for each, or a gigabyte for a list of a hundred thousand names.
 */
const LOOKS_BETWEEN_TURNS = 256;

const PATIENCE = 60_000;
const NOTICE_AFTER = 500;

/**
 * A connection to the registry. Its lock is the lock of the whole CA directory: SQLite's own, so the kernel
 * lets go of it when the process dies, however it dies.
 *
 * Nothing else may open registry.db in this process: closing any descriptor of a file drops all POSIX locks on it.
 */
export class Connection {
  readonly path: string;
  readonly #database: SqliteDatabase;
  /** Each statement is compiled once: a change of a thousand certificates runs a handful of them. */
  readonly #statements = new Map<string, SqliteStatement>();
  #locked = false;
  #turn: Promise<unknown> = Promise.resolve();
  #isPatient = false;
  #looks = 0;

  constructor(path: string, options: OpenOptions = {}) {
    this.path = path;
    this.#database = this.#explained(() => openSqlite(path, options));
    this.execute(`PRAGMA busy_timeout = ${NOTICE_AFTER}`);
  }

  /** Reads all rows at once: a statement that is left half-way would keep writers out. */
  all(sql: string, ...values: SqlValue[]): SqlRow[] {
    this.#looks += 1;
    return this.#explained(() => this.#patiently(() => this.#prepared(sql).all(values)));
  }

  run(sql: string, ...values: SqlValue[]): void {
    this.#explained(() => this.#prepared(sql).run(values));
  }

  execute(sql: string): void {
    this.#explained(() => this.#database.exec(sql));
  }

  /** Takes the lock and keeps it until `close`. Code: `REGISTRY_BUSY`. */
  async lock(options: LockWait = {}): Promise<void> {
    this.execute('PRAGMA busy_timeout = 0');
    await waitFor(() => this.#tryToLock(), this.path, options);
    // Set only now: two waiters in this mode would each keep a shared lock, and so shut each other out for ever.
    // From here on a commit does not give the lock away. Readers are let in until the first commit.
    this.execute(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = ${PATIENCE}`);
    this.#locked = true;
    this.#isPatient = true;
  }

  /**
   * Has a look wait until another connection is not in the middle of a commit any more, without blocking this process: it may be
   * one of its own. SQLite itself does not wait then. Code: `REGISTRY_BUSY`.
   */
  async whenFree<T>(look: () => T): Promise<T> {
    await this.#turnLoop();
    const start = uptime();
    let isJudged = false;
    for (;;) {
      try {
        return look();
      } catch (error) {
        const waited = uptime() - start;
        if (!hasCode(error, 'REGISTRY_BUSY') || waited >= PATIENCE) throw error;
        if (waited >= NOTICE_AFTER && !isJudged) requireLocks(nodePath.dirname(this.path));
        isJudged ||= waited >= NOTICE_AFTER;
        await pause();
      }
    }
  }

  /** From now on, SQLite itself does not wait for others: see `whenFree`. */
  neverBlock(): void {
    this.#isPatient = true;
    this.execute('PRAGMA busy_timeout = 0');
  }

  /** As `transact`, for work that waits. Another change begins when it is over. */
  change<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(async () => {
      this.#begin();
      try {
        const done = await work();
        this.execute('COMMIT');
        await this.#turnLoop();
        return done;
      } catch (error) {
        this.#rollBack();
        throw error;
      }
    });
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** Does the work and commits it, durably; when it throws, nothing of it remains. Needs the lock. */
  transact<T>(work: () => T): T {
    this.#begin();
    try {
      const result = work();
      this.execute('COMMIT');
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  /**
   * Writes all that is committed to a file that is there and empty: a database of its own. Needs the lock, so that nothing
   * else of the CA directory changes meanwhile.
   */
  copyTo(path: string): void {
    // Taking the lock has begun a transaction, which VACUUM does not go into.
    if (this.#database.inTransaction) this.execute('COMMIT');
    this.execute(`VACUUM INTO '${path.replaceAll("'", "''")}'`);
  }

  /** Gives the lock back and closes. What was not committed is gone. Never throws: there may be an error on its way. */
  close(): void {
    try {
      if (this.#locked) this.#unlock();
      this.#statements.clear();
      // What libsql keeps is small then.
      this.#database.exec('PRAGMA shrink_memory');
      this.#database.close();
    } catch {
      // A registry that cannot be read any more. Its lock goes with the process.
    }
  }

  async #turnLoop(): Promise<void> {
    if (this.#looks < LOOKS_BETWEEN_TURNS) return;
    this.#looks = 0;
    await setImmediate();
  }

  #begin(): void {
    if (!this.#database.inTransaction) this.execute('BEGIN IMMEDIATE');
  }

  #prepared(sql: string): SqliteStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** Waits longer once it is certain that it is a command that holds the lock. */
  #patiently<T>(step: () => T): T {
    try {
      return step();
    } catch (error) {
      if (this.#isPatient || !isBusy(error)) throw error;
      this.#isPatient = true;
      requireLocks(nodePath.dirname(this.path));
      this.#database.exec(`PRAGMA busy_timeout = ${PATIENCE}`);
      return step();
    }
  }

  #tryToLock(): boolean {
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw explainSqliteError(error, this.path);
    }
  }

  #unlock(): void {
    this.#locked = false;
    this.#rollBack();
    // The next read after the change of mode lets go. `close` would not be enough: libsql keeps the connection
    // until the last prepared statement has been collected.
    this.#database.exec('PRAGMA locking_mode = NORMAL; SELECT 1 FROM sqlite_schema');
  }

  #rollBack(): void {
    // SQLite may have rolled back by itself, as it does when the disk is full.
    if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
  }

  #explained<T>(step: () => T): T {
    try {
      return step();
    } catch (error) {
      throw explainSqliteError(error, this.path);
    }
  }
}

async function waitFor(
  attempt: () => boolean,
  path: string,
  { onWait, noticeAfter = NOTICE_AFTER, patience = PATIENCE }: LockWait,
): Promise<void> {
  const start = uptime();
  let noticed = false;
  while (!attempt()) {
    const waited = uptime() - start;
    if (waited >= patience) throw busy(path, patience);
    if (waited >= noticeAfter && !noticed) {
      noticed = true;
      requireLocks(nodePath.dirname(path));
      onWait?.();
    }
    // The holder may be in this process: it must be let go on meanwhile.
    await pause();
  }
}

/** Two that wait for each other in one rhythm would collide for ever. */
async function pause(): Promise<void> {
  await setTimeout(5 + Math.random() * 15);
}

/** Milliseconds on a clock that nobody sets. `performance.now()` would load a part of Node that takes 2 ms to load. */
function uptime(): number {
  return process.uptime() * 1000;
}

function busy(path: string, patience: number): RegistryError {
  return new RegistryError(
    'REGISTRY_BUSY',
    `another command has held ${path} for more than ${Math.round(patience / 1000)} seconds`,
    { hint: 'wait for the other docker-mtls command or stop it, then run this one again' },
  );
}
