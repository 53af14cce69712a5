import { isSameFile, runningEngines } from '@docker-mtls/engine';
import { servingEngines } from '@docker-mtls/engine/serving-engines';
import type { ServingEngines } from '@docker-mtls/engine/serving-engines';
import type { Args } from '../command-line/args.ts';
import type { Io } from '../io/io.ts';
import { engineOf } from './engine-order.ts';

/** All engines that run here and serve on the network, unless the command line names one by its file. */
export async function enginesHere(args: Args, io: Io): Promise<ServingEngines> {
  const engine = engineOf(args, io);
  const running = io.platform === 'linux' ? runningEngines() : [];
  const isMeant = ({ config }: { readonly config: string }): boolean => isSameFile(config, engine.config);
  return servingEngines(engine, args.text('config') === undefined ? running : running.filter(isMeant));
}
