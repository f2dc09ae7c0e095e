import type { ParameterValue, PowerShellConfig } from './schema';

type Scalar = Exclude<ParameterValue, readonly unknown[]>;

/**
 * A value with its type in front. PowerShell 7 makes dates of texts that look like one when it reads JSON, and 5.1
 * other things; a text that begins with `s:` stays what it is.
 */
function tagged(value: Scalar): string {
  if (typeof value === 'string') return `s:${value}`;
  if (typeof value === 'boolean') return `b:${value}`;
  return Number.isSafeInteger(value) ? `i:${value}` : `d:${value}`;
}

function taggedValue(value: ParameterValue): string | string[] {
  return Array.isArray(value) ? value.map(tagged) : tagged(value);
}

/** request.json of the wrapper: which script, with what, and how the session begins. */
export function wrapperRequest(
  config: Pick<PowerShellConfig, 'parameters' | 'error_action' | 'streams' | 'output_encoding'>,
  script: string,
): string {
  const { parameters } = config;
  const shown = new Set(config.streams ?? ['information']);
  const preference = (stream: 'verbose' | 'debug' | 'information') =>
    shown.has(stream) ? 'Continue' : 'SilentlyContinue';
  return JSON.stringify({
    script,
    // Whoever names an encoding says what the script writes; then the console stays as it is.
    utf8: config.output_encoding === undefined,
    preferences: {
      ErrorActionPreference: config.error_action ?? 'Continue',
      VerbosePreference: preference('verbose'),
      DebugPreference: preference('debug'),
      InformationPreference: preference('information'),
    },
    ...(Array.isArray(parameters)
      ? { list: parameters.map(taggedValue) }
      : {
          named: Object.entries(parameters ?? {}).map(([name, value]) => ({
            name,
            value: taggedValue(value),
          })),
        }),
  });
}
