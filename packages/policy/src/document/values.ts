import type { Located, Member } from './read-yaml.ts';

/** Access to a text whose shape has been checked. */
export function valueIn(value: Located | undefined, name: string): Located | undefined {
  return value?.kind === 'map' ? value.members.get(name)?.value : undefined;
}

export function entriesOf(value: Located | undefined): readonly (readonly [string, Member])[] {
  return value?.kind === 'map' ? [...value.members] : [];
}

export function itemsOf(value: Located | undefined): readonly Located[] {
  return value?.kind === 'list' ? value.items : [];
}

export function textOf(value: Located | undefined): string | undefined {
  return value?.kind === 'text' ? value.value : undefined;
}

export function textsOf(value: Located | undefined): readonly string[] | undefined {
  return value?.kind === 'list' ? value.items.map((item) => textOf(item) ?? '') : undefined;
}
