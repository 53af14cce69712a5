/** The ways to use a context: the two of switching are the ones that the environment and `docker context` know. */
export function contextUsage(name: string): string {
  return `  one command    docker --context ${name} version
  one terminal   export DOCKER_CONTEXT=${name}
  all terminals  docker-mtls context use ${name}
`;
}
