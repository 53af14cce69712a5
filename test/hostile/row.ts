/** One hostile input: what is there, the words that are typed, and the refusal that has to come of it. */
export type Row = {
  readonly name: string;
  readonly argv: readonly string[];
  /** Puts the hostile thing into a fresh work folder: see `makeWorkFolders`. */
  readonly setup?: (work: string) => void;
  /** Mounts parts of the work folder ($1) at /certs, /docker and /ca, as an engine would in a container. */
  readonly mounts?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Error code; `USAGE` is exit code 2, all others 1. */
  readonly code: string;
  /** A part of the message: what a person needs to see. */
  readonly says: string;
  /** A part of the hint. */
  readonly hints?: string;
};
