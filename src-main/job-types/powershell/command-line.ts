import type { PowerShellConfig } from './schema';

/** PowerShell's arguments for a script file. Policies exist on Windows only; elsewhere naming one is an error. */
export function hostArguments(
  script: string,
  policy: PowerShellConfig['execution_policy'],
  isWindows: boolean,
): string[] {
  return [
    '-NoLogo',
    '-NoProfile',
    '-NonInteractive',
    ...(isWindows && policy !== undefined ? ['-ExecutionPolicy', policy] : []),
    '-File',
    script,
  ];
}

/**
 * Parameters for a script that is run without the wrapper: `{Name: x, Full: true}` -> `-Name x -Full:true`; a list
 * stays as it is. Everything behind -File is the script's, taken literally. Undefined when they hold an array,
 * which -File can't pass.
 */
export function parameterArguments(parameters: PowerShellConfig['parameters']): string[] | undefined {
  if (parameters === undefined) return [];
  const values = Array.isArray(parameters) ? parameters : Object.values(parameters);
  if (values.some(Array.isArray)) return undefined;
  if (Array.isArray(parameters)) return parameters.map(String);
  return Object.entries(parameters).flatMap(([name, value]) =>
    typeof value === 'boolean' ? [`-${name}:${value}`] : [`-${name}`, String(value)],
  );
}
