import {
  createAuthority,
  createCrl,
  encryptPrivateKey,
  KEY_TYPES,
  keptLifetime,
  parseCaName,
  planValidity,
  privateKeyToPem,
} from '@docker-mtls/ca';
import type { Certificate, KeyType } from '@docker-mtls/ca';
import { rotating } from '@docker-mtls/ca-directory';
import type { Entry, StoreReader, TrustedAuthority } from '@docker-mtls/ca-directory';
import { counted, moment } from '@docker-mtls/text';
import { notIssued } from './current-pair.ts';
import { AuthorityError } from './error.ts';
import { makeKey } from './make-key.ts';
import type { Session } from './session.ts';
import { withCurrentCa } from './with-current-ca.ts';

/** A key of the CA in the course of a rotation. */
export type RotationKey = Pick<TrustedAuthority, 'certificate' | 'keyId' | 'since'>;

/** Who has a certificate of the old key that has not ended. */
export type Holder = Pick<Entry, 'kind' | 'name' | 'serial' | 'notAfter'> & {
  /** Was another one issued in its place? Whether its holder has that is not known here. */
  readonly isReplaced: boolean;
};

export type RotationStatus = {
  /** `none`: one key signs, and no other is trusted. */
  readonly stage: 'none' | 'prepared' | 'switched';
  readonly signing: RotationKey;
  /** The key that is prepared, or that signed before. */
  readonly other: RotationKey | undefined;
  /** With certificates of the old key: the one that signs while another is prepared, else the one that signed before. */
  readonly holders: readonly Holder[];
};

/** How far the change to a new key has come. */
export async function rotationStatus(reader: StoreReader, now: Date): Promise<RotationStatus> {
  const all = await reader.authorities();
  const signing = all.find(({ state }) => state === 'signing');
  if (signing === undefined) throw new Error('an opened CA has a key that signs');
  const other = all.find(({ state }) => state !== 'signing');
  const stage = other === undefined ? 'none' : other.state === 'prepared' ? 'prepared' : 'switched';
  const old = stage === 'switched' ? other : signing;
  const holders = stage === 'none' || old === undefined ? [] : await reader.issuedBy(old.keyId, now);
  return { stage, signing, other, holders: holders.map(toHolder) };
}

function toHolder({ kind, name, serial, notAfter, status }: Entry): Holder {
  return { kind, name, serial, notAfter, isReplaced: status === 'replaced' };
}

export type Preparation = {
  readonly name: string;
  readonly keyType: KeyType;
  /** Seconds. */
  readonly lifetime: number;
};

/**
 * What a preparation would make. `keyType` and `lifetime` are those of before where they are not given. Code:
 * `CA_DIRECTORY_ROTATING`, where a rotation is under way.
 */
export async function planPreparation(
  reader: StoreReader,
  order: { readonly keyType?: KeyType | undefined; readonly lifetime?: number | undefined },
): Promise<Preparation> {
  const [other] = (await reader.authorities()).filter(({ state }) => state !== 'signing');
  if (other !== undefined) throw rotating(other);
  const { info } = (await reader.authority()).certificate;
  const profile = await reader.profile('ca');
  return {
    name: nextName(info.subject.commonName ?? ''),
    keyType: order.keyType ?? KEY_TYPES.find((type) => type === info.keyType) ?? 'ec-p256',
    lifetime: order.lifetime ?? keptLifetime(info, profile.backdate),
  };
}

const LONGEST_NAME = 64;

/** `Example CA`, `Example CA G2`, `Example CA G3`: programs that look for an issuer by its name find one. */
function nextName(name: string): string {
  const [, stem = name, generation = '1'] = /^(.*) G(\d{1,4})$/s.exec(name) ?? [];
  const suffix = ` G${Number(generation) + 1}`;
  return parseCaName([...stem].slice(0, LONGEST_NAME - suffix.length).join('') + suffix);
}

/** Makes a new key and its CA certificate, and has engines and clients trust it beside the one that signs. */
export function prepareRotation(session: Session, plan: Preparation): Promise<Certificate> {
  const { caller, reader } = session;
  return withCurrentCa(session, async () => {
    // A rotation begins with a passphrase that opens the key which signs: the new one gets the same.
    await session.authority();
    const passphrase = await session.passphrase();
    const profile = await reader.profile('ca');
    const keyPair = makeKey(plan.keyType, caller);
    const now = caller.now();
    const validity = planValidity({ profile, lifetime: plan.lifetime, now });
    const authority = createAuthority({ name: plan.name, profile, keyPair, validity });
    const keyPem =
      passphrase === undefined ? privateKeyToPem(keyPair) : encryptPrivateKey(keyPair, passphrase);
    const { certificate } = authority;
    const { operator } = caller;
    await session.exclusive((store) =>
      store.prepareRotation({
        certificate,
        keyPem,
        operator,
        now,
        sign: (list) => createCrl(authority, list).pem,
      }),
    );
    return certificate;
  });
}

/** What a switch would do. Code: `ROTATION_NOT_PREPARED`. */
export async function planSwitch(reader: StoreReader, now: Date): Promise<RotationStatus> {
  const status = await rotationStatus(reader, now);
  if (status.stage === 'prepared') return status;
  throw new AuthorityError('ROTATION_NOT_PREPARED', 'no new key of this CA is prepared', {
    hint:
      status.stage === 'none'
        ? 'docker-mtls ca rotate prepare makes one'
        : 'the new key signs already: docker-mtls ca rotate status',
  });
}

/** Has the prepared key sign. Both keys are opened before: a passphrase that opens one alone would stop the CA later. */
export async function switchRotation(session: Session): Promise<RotationStatus> {
  const { caller, reader } = session;
  await planSwitch(reader, caller.now());
  await session.authorities();
  await session.exclusive(async (store) => {
    await planSwitch(store, caller.now());
    await store.switchRotation({ operator: caller.operator, now: caller.now() });
  });
  session.forgetAuthorities();
  return rotationStatus(reader, caller.now());
}

export type Retirement = RotationStatus & {
  /** Those of the holders who lose access. */
  readonly cutOff: readonly Holder[];
};

/**
 * Who would lose access. Codes: `ROTATION_NOT_SWITCHED`; `ROTATION_HOLDERS`, where somebody is not among `names`; `NOT_ISSUED`, for
 * a name that never was.
 */
export async function planRetirement(
  reader: StoreReader,
  names: readonly string[],
  now: Date,
): Promise<Retirement> {
  const status = await rotationStatus(reader, now);
  if (status.stage !== 'switched')
    throw new AuthorityError('ROTATION_NOT_SWITCHED', 'no key of this CA has been put out of use', {
      hint:
        status.stage === 'none'
          ? 'docker-mtls ca rotate prepare begins a rotation'
          : 'docker-mtls ca rotate switch has the new key sign first',
    });
  for (const name of names)
    if ((await reader.entries({ name, all: true })).length === 0)
      throw notIssued({ kind: 'client', name }, reader.directory);
  const left = status.holders.filter(({ name }) => !names.includes(name));
  if (left.length > 0) throw holdersLeft(left);
  return { ...status, cutOff: status.holders };
}

const SHOWN = 10;

function holdersLeft(holders: readonly Holder[]): AuthorityError {
  const shown = holders.slice(0, SHOWN).map(({ kind, name, notAfter, isReplaced }) => {
    const newer = isReplaced ? ', though it was replaced' : '';
    return `${kind} ${JSON.stringify(name)} (until ${moment(notAfter)}${newer})`;
  });
  const more = holders.length > SHOWN ? `, and ${holders.length - SHOWN} more` : '';
  const what = counted(holders.length, 'certificate of the old key is', 'certificates of the old key are');
  return new AuthorityError('ROTATION_HOLDERS', `${what} still valid: ${shown.join(', ')}${more}`, {
    hint: 'hand out renewed pairs, then revoke the old certificates, or name the holders who may lose access: docker-mtls ca rotate retire NAME…',
  });
}

/** Has the old key not be trusted any more, and removes it. */
export async function retireRotation(session: Session, names: readonly string[]): Promise<Retirement> {
  const { caller } = session;
  return session.exclusive(async (store) => {
    const now = caller.now();
    const plan = await planRetirement(store, names, now);
    const cutOff = plan.cutOff.map(({ kind, name }) => `${kind} ${name}`);
    await store.retireRotation({ operator: caller.operator, now, cutOff: [...new Set(cutOff)] });
    return plan;
  });
}
