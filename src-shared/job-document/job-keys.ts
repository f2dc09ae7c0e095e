/**
 * The one place where YAML's short names and the API's names meet: both are read
 * everywhere, the API writes the long ones, YAML export the short ones.
 */
export const yamlToApi = { id: 'job_id', type: 'job_type' } as const;
export const apiToYaml = { job_id: 'id', job_type: 'type' } as const;

export type YamlKey = keyof typeof yamlToApi;
export type ApiKey = keyof typeof apiToYaml;

/** `id` -> `job_id`; other keys as they are. */
export function toApiKey(key: string): string {
  return key in yamlToApi ? yamlToApi[key as YamlKey] : key;
}

/** `job_id` -> `id`; other keys as they are. */
export function toYamlKey(key: string): string {
  return key in apiToYaml ? apiToYaml[key as ApiKey] : key;
}

/** The order in which a job written by the program shows its keys; others follow in their own. */
export const keyOrder: readonly string[] = ['id', 'name', 'type', 'description', 'enabled', 'shadow', 'tags'];

/** Keys that stand behind the type's own. */
export const trailingKeys: readonly string[] = [
  'schedule',
  'timeout',
  'stalled_after',
  'max_retries',
  'retry_delay',
  'retry_backoff',
  'retry_on',
  'max_instances',
  'overlap',
  'misfire_grace_time',
  'coalesce',
  'catch_up_window',
  'max_catch_up',
  'not_after',
  'exclude',
  'on_excluded',
  'runs_on',
  'keep_awake',
  'run_as',
  'run_as_password',
  'params',
  'preconditions',
  'on_success',
  'on_failure',
  'must_finish_by',
  'expect_success_every',
  'long_running_after',
  'notifications',
  'metadata',
];
