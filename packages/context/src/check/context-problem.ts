export type ContextProblemCode =
  | 'ca-missing'
  | 'certificate-expires'
  | 'certificate-refused'
  | 'client-certificate-missing'
  | 'client-is-a-ca'
  | 'context-overridden'
  | 'engine-not-trusted'
  | 'engine-not-verified'
  | 'engine-refuses'
  | 'engine-unreachable'
  | 'files-unusable'
  | 'host-missing'
  | 'host-overridden'
  | 'host-unusable'
  | 'no-tls'
  | 'port-missing'
  | 'proxied'
  | 'proxy-unusable'
  | 'scheme-unusual'
  | 'stray-file';

/** `error`: the context does not work, or not safely. `warning`: it will not, or not from this terminal. */
export type ContextProblem = {
  readonly problem: ContextProblemCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint: string;
};

export function contextError(problem: ContextProblemCode, message: string, hint: string): ContextProblem {
  return { problem, severity: 'error', message, hint };
}

export function contextWarning(problem: ContextProblemCode, message: string, hint: string): ContextProblem {
  return { problem, severity: 'warning', message, hint };
}
