/** What an operation may tell while it works: never part of its result. */
export type Note = {
  /** `progress` is for a person who watches; the others are worth keeping in a log. */
  readonly kind: 'progress' | 'info' | 'warning';
  readonly message: string;
  /** How much of the work is done, where that is known. */
  readonly part?: { readonly done: number; readonly of: number };
};

/** On whose behalf an operation runs, and by which clock. */
export type Caller = {
  /** Recorded with every change, as `user@machine`. */
  readonly operator: string;
  readonly now: () => Date;
  readonly note?: ((note: Note) => void) | undefined;
};
