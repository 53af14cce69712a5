import { startDockerd } from './dockerd.js';
import { startStandIn } from './stand-in.js';

/**
 * Something that serves as `config` says: Docker's own engine where this machine lets us start one, else a
 * stand-in, which says that it is one.
 */
export async function startEngine({ config, folder }) {
  const refusal = process.getuid?.() === 0 ? undefined : 'starting dockerd takes root';
  const engine = refusal === undefined ? await startDockerd({ config, folder }) : { refusal };
  return engine.refusal === undefined ? engine : startStandIn({ config, folder, why: engine.refusal });
}
