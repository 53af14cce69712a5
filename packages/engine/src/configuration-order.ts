import type { ClientView } from './client-view.ts';
import type { FileOrder } from './plan-file.ts';
import type { CutOffOrder } from './refuse-cut-off.ts';

export type ConfigurationOrder = FileOrder & {
  /** Are folders refused that another user can change? In a container, owners and folders are another machine's. */
  readonly refusesUnsafe?: true;
  /** Can the engine's own program check the certificates now? Not before they are made, nor on another machine. */
  readonly certificates: 'here' | 'planned' | 'elsewhere';
  /** Are containers to run on while the engine restarts? */
  readonly liveRestore: boolean;
  /** What the engine shows and trusts afterwards, and whether somebody may be cut off; absent where that is unknown. */
  readonly clients?: CutOffOrder & {
    readonly after: Pick<ClientView, 'names' | 'authorities'>;
    readonly now: Date;
  };
};
