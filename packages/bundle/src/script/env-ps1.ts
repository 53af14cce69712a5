import { headline, type BundleFacts } from './bundle-facts.ts';

/** `env.ps1`: for PowerShell 5.1 and later, on every system. */
export function envPs1(facts: BundleFacts): string {
  return crlf(`${headline(facts)
    .map((line) => `# ${line}\n`)
    .join('')}#
#   . .\\env.ps1       use it in this terminal; the path may be any
#   docker version    check that the engine answers
#   deactivate        put everything back (docker_mtls_deactivate, where another deactivate was first)
#
# Windows blocks scripts that were downloaded: Unblock-File .\\env.ps1

foreach ($file in 'ca.pem', 'cert.pem', 'key.pem') {
    if (-not (Test-Path -LiteralPath (Join-Path $PSScriptRoot $file))) {
        throw "docker-mtls: $PSScriptRoot has no $file; put it there"
    }
}
if (Test-Path Function:\\docker_mtls_deactivate) { docker_mtls_deactivate }

$global:DockerMtlsOld = @{
    DOCKER_HOST = $env:DOCKER_HOST
    DOCKER_TLS_VERIFY = $env:DOCKER_TLS_VERIFY
    DOCKER_CERT_PATH = $env:DOCKER_CERT_PATH
}
$env:DOCKER_HOST = '${facts.hosts[0].url}'
$env:DOCKER_TLS_VERIFY = '1'
$env:DOCKER_CERT_PATH = $PSScriptRoot

function global:docker_mtls_deactivate {
    foreach ($name in $global:DockerMtlsOld.Keys) {
        [Environment]::SetEnvironmentVariable($name, $global:DockerMtlsOld[$name], 'Process')
    }
    if ($global:DockerMtlsOwnsDeactivate) { Remove-Item Function:\\deactivate }
    Remove-Variable DockerMtlsOld, DockerMtlsOwnsDeactivate -Scope Global -ErrorAction SilentlyContinue
    Remove-Item Function:\\docker_mtls_deactivate
}
if (-not (Test-Path Function:\\deactivate)) {
    $global:DockerMtlsOwnsDeactivate = $true
    function global:deactivate { docker_mtls_deactivate }
}
`);
}

function crlf(text: string): string {
  return text.replaceAll('\n', '\r\n');
}
