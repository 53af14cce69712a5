import type { CiEngine } from '../ci-engine.ts';

/** An environment as the pipeline deploys to it. */
export type Stage = CiEngine & {
  /** Does somebody approve each deployment to it? */
  readonly approval: boolean;
  /** How Jenkins, which has no environments, begins the ids of its credentials. */
  readonly idPrefix: string;
};

/** What the pipeline deploys to when no engine was named: the address is filled in by hand. */
const UNNAMED: Stage = { environment: 'default', url: 'tcp://HOST:2376', approval: false, idPrefix: '' };

/**
 * The environments in the order in which they are deployed to: production comes last. It needs an approval, and so does
 * the last of several environments, whatever it is called.
 */
export function stagesOf(engines: readonly CiEngine[]): readonly Stage[] {
  if (engines.length === 0) return [UNNAMED];
  const ordered = engines.toSorted((one, other) => Number(isProduction(one)) - Number(isProduction(other)));
  return ordered.map((engine, index) => ({
    ...engine,
    approval: isProduction(engine) || (index > 0 && index === ordered.length - 1),
    idPrefix: `${engine.environment}-`,
  }));
}

function isProduction({ environment }: CiEngine): boolean {
  return /^prod(uction)?($|-)/.test(environment);
}

/** A string of YAML that no reader takes for a boolean or a key. */
export function yamlString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
