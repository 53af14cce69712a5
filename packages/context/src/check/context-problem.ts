export type ContextProblemCode =
  | 'certificate-expires'
  | 'certificate-refused'
  | 'client-certificate-missing'
  | 'client-is-a-ca'
  | 'context-overridden'
  | 'engine-not-verified'
  | 'files-unusable'
  | 'host-missing'
  | 'host-overridden'
  | 'host-unusable'
  | 'no-tls'
  | 'proxied';

/** `error`: the context does not work, or not safely. `warning`: it will not, or not from this terminal. */
export type ContextProblem = {
  readonly problem: ContextProblemCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint: string;
};

export function error(problem: ContextProblemCode, message: string, hint: string): ContextProblem {
  return { problem, severity: 'error', message, hint };
}

export function warning(problem: ContextProblemCode, message: string, hint: string): ContextProblem {
  return { problem, severity: 'warning', message, hint };
}
