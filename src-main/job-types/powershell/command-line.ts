import type { PowerShellConfig } from './schema';

/**
 * PowerShell's arguments for a script. Everything behind -File is the script's, taken literally: nothing in it is
 * evaluated. Policies exist on Windows only; elsewhere naming one is an error.
 */
export function powershellArguments(
  config: Pick<PowerShellConfig, 'parameters' | 'execution_policy'>,
  script: string,
  isWindows: boolean,
): string[] {
  const policy = isWindows && config.execution_policy ? ['-ExecutionPolicy', config.execution_policy] : [];
  return [
    '-NoLogo',
    '-NoProfile',
    '-NonInteractive',
    ...policy,
    '-File',
    script,
    ...parameterArguments(config.parameters),
  ];
}

/** `{Name: x, Full: true}` -> `-Name x -Full:true`; a list stays as it is. */
export function parameterArguments(parameters: PowerShellConfig['parameters']): string[] {
  if (parameters === undefined) return [];
  if (Array.isArray(parameters)) return parameters.map(String);
  return Object.entries(parameters).flatMap(([name, value]) =>
    typeof value === 'boolean' ? [`-${name}:${value}`] : [`-${name}`, String(value)],
  );
}
