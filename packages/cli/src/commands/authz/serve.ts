import path from 'node:path';
import { locksFile, passedSocket, serve } from '@docker-mtls/authz';
import type { ListenAt, ServeOrder } from '@docker-mtls/authz';
import { caDirectory } from '../../ca/ca-directory.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { callerOf } from '../../io/caller.ts';
import type { Io } from '../../io/io.ts';

const ENGINE_SOCKET = '/run/docker.sock';

/** Runs the plugin until the process is told to end. */
export async function serveAction(args: Args, io: Io): Promise<Report> {
  const serving = await serve(orderOf(args, io), callerOf(io));
  io.note('docker-mtls: ready');
  await ended();
  await serving.stop();
  return { json: {}, text: '' };
}

function orderOf(args: Args, io: Io): ServeOrder {
  const policy = fileOf(args, io, 'policy');
  if (policy === undefined) throw new UsageError('--policy is missing', 'name the policy of the engine');
  return {
    files: { policy, locks: locksFile(policy), ...trustOf(args, io) },
    socket: socketOf(args, io),
    audit: fileOf(args, io, 'audit'),
    checkpointProgram: fileOf(args, io, 'checkpoint-program'),
    engineSocket: fileOf(args, io, 'engine') ?? ENGINE_SOCKET,
  };
}

function trustOf(args: Args, io: Io): Pick<ServeOrder['files'], 'roots' | 'lists'> {
  const roots = fileOf(args, io, 'ca');
  const lists = fileOf(args, io, 'crl');
  if (roots !== undefined) return { roots, lists };
  if (lists !== undefined) throw new UsageError('--crl was given without --ca', 'name the CAs with --ca');
  const directory = caDirectory(args, io);
  return { roots: path.join(directory, 'ca.pem'), lists: path.join(directory, 'crl.pem') };
}

function socketOf(args: Args, io: Io): ListenAt {
  const passed = passedSocket(io.env, process.pid);
  if (passed !== undefined) return passed;
  const socket = fileOf(args, io, 'socket');
  if (socket === undefined)
    throw new UsageError('--socket is missing', 'name the socket where the engine asks');
  return { path: socket };
}

function fileOf(args: Args, io: Io, name: string): string | undefined {
  const file = args.text(name);
  return file === undefined ? undefined : path.resolve(io.cwd, file);
}

function ended(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}
