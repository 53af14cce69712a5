import fs from 'node:fs';
import path from 'node:path';
import { Script } from 'node:vm';
import type { CodeCache } from './code-cache.ts';

/**
 * Parts of the program: files that ask for each other, and for what is in Node. Each is CommonJS inside of the function
 * that Node would put around it, so that this need not be done at each start.
 */
export type Parts = {
  /** What a file exports. */
  readonly load: (file: string) => unknown;
  /** Keeps what was compiled, for the next run of the same command. */
  readonly keep: () => void;
};

type Exports = Record<string, unknown>;
type Wrapped = (
  exports: Exports,
  require: (name: string) => unknown,
  module: { exports: Exports },
  filename: string,
  dirname: string,
) => void;

/** What is smaller compiles as fast as it is read. */
const WORTH_KEEPING = 4096;

/**
 * Loads parts as `require` would, but with what V8 kept of them from an earlier run of the `command`: to compile them
 * again, function by function, takes longer than most commands take to work.
 */
export function partLoader(cache: CodeCache, command: string): Parts {
  const loaded = new Map<string, { exports: Exports }>();
  const compiled: Compiled[] = [];
  const load = (file: string): unknown => {
    const known = loaded.get(file);
    if (known !== undefined) return known.exports;
    const part = { exports: {} };
    loaded.set(file, part);
    const made = compile(cache, command, file);
    compiled.push(made);
    const folder = path.dirname(file);
    const ask = (name: string): unknown =>
      name.startsWith('.') ? load(path.join(folder, name)) : builtin(name);
    const run = made.script.runInThisContext() as Wrapped;
    run(part.exports, ask, part, file, folder);
    return part.exports;
  };
  return { load, keep: () => compiled.forEach((made) => keep(cache, made)) };
}

type Compiled = {
  readonly script: Script;
  readonly name: string;
  readonly source: Buffer;
  readonly isNew: boolean;
};

function compile(cache: CodeCache, command: string, file: string): Compiled {
  const source = fs.readFileSync(file);
  const name = `${path.basename(file, '.cjs')}.${command}.${process.version}-${process.arch}`;
  const isWorthIt = source.length >= WORTH_KEEPING;
  const cachedData = isWorthIt ? cache.read(name, source) : undefined;
  const script = new Script(textOf(source), { filename: file, ...(cachedData && { cachedData }) });
  // Another V8, or the same with other flags ($NODE_OPTIONS), takes nothing of it.
  const isRefused = script.cachedDataRejected === true;
  return { script, name, source, isNew: isWorthIt && (cachedData === undefined || isRefused) };
}

function textOf(source: Buffer): string {
  // The bundler writes ASCII, and Latin-1 is read faster than UTF-8.
  return source.toString('latin1');
}

function keep(cache: CodeCache, { script, name, source, isNew }: Compiled): void {
  if (isNew) cache.write(name, source, script.createCachedData());
}

function builtin(name: string): unknown {
  const found = process.getBuiltinModule(name);
  if (found === undefined) throw new Error(`a part asks for ${name}, which is not in Node`);
  return found;
}
