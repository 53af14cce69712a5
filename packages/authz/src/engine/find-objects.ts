import type { Found, FoundObject, Lookup, LookupKind } from '@docker-mtls/policy';
import type { Asking, Engine } from './get-json.ts';

/** A request that names more objects than this is denied: looking them up would hold up the others. */
const MOST = 64;

/** Names and identifiers that the engine reads in one way: no slash, no escape, nothing that leads to another path. */
const REFERENCE = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/;
const EXEC_ID = /^[0-9a-f]{64}$/;

type Value = Readonly<Record<string, unknown>>;
type Place = { readonly path: string; readonly read: (value: Value) => FoundObject | undefined };

const PLACES: Readonly<Record<LookupKind, Place>> = {
  container: {
    path: '/containers/{}/json',
    read: (value) => named(text(value['Name'])?.replace(/^\//, ''), member(value, 'Config')['Labels']),
  },
  exec: { path: '/exec/{}/json', read: readExec },
  volume: { path: '/volumes/{}', read: readVolume },
  network: { path: '/networks/{}', read: withDriver },
  service: { path: '/services/{}', read: bySpec },
  task: { path: '/tasks/{}', read: (value) => named(text(value['Name']) ?? '', value['Labels']) },
  secret: { path: '/secrets/{}', read: bySpec },
  config: { path: '/configs/{}', read: bySpec },
};

/**
 * Asks the engine about each object, each by one GET. What it does not answer, or what cannot be asked about safely, is missing from
 * the result, and the request that needs it stays denied.
 */
export async function findObjects(
  engine: Engine,
  needs: readonly Lookup[],
  asking: Asking,
): Promise<readonly Found[]> {
  if (needs.length > MOST) return [];
  const found = await Promise.all(needs.map((lookup) => find(engine, lookup, asking)));
  return found.flatMap((each) => each ?? []);
}

async function find(engine: Engine, lookup: Lookup, asking: Asking): Promise<Found | undefined> {
  const { kind, reference } = lookup;
  if (!(kind === 'exec' ? EXEC_ID : REFERENCE).test(reference)) return undefined;
  const { path, read } = PLACES[kind];
  const answer = await engine.get(path.replace('{}', reference), asking);
  if (answer.kind === 'missing') return lookup;
  const object = answer.kind === 'found' ? read(answer.value) : undefined;
  return object === undefined ? undefined : { ...lookup, object };
}

/** Undefined where the engine's answer is not of the form that it is known to have. */
function named(name: string | undefined, labels: unknown): FoundObject | undefined {
  const read = texts(labels);
  return name === undefined || read === undefined ? undefined : { name, labels: read };
}

function withDriver(value: Value): FoundObject | undefined {
  const driver = text(value['Driver']);
  const object = named(text(value['Name']), value['Labels']);
  return object === undefined || driver === undefined ? undefined : { ...object, driver };
}

function readVolume(value: Value): FoundObject | undefined {
  const options = texts(value['Options']);
  const object = withDriver(value);
  return object === undefined || options === undefined ? undefined : { ...object, options };
}

function bySpec(value: Value): FoundObject | undefined {
  const spec = member(value, 'Spec');
  return named(text(spec['Name']), spec['Labels']);
}

function readExec(value: Value): FoundObject | undefined {
  const process = member(value, 'ProcessConfig');
  const container = text(value['ContainerID']);
  const { privileged, user = '' } = process;
  if (container === undefined || typeof privileged !== 'boolean' || typeof user !== 'string')
    return undefined;
  return { name: '', labels: {}, container, privileged, user };
}

function member(value: Value, name: string): Value {
  const found = value[name];
  return typeof found === 'object' && found !== null ? (found as Value) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Labels and options: the engine writes null for none. */
function texts(value: unknown): Readonly<Record<string, string>> | undefined {
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || !Object.values(value).every((each) => typeof each === 'string'))
    return undefined;
  return value as Record<string, string>;
}
