/** What a setting means, for people; a key that is not here is shown by its name. */
export const settingWords: Readonly<Record<string, { readonly label: string; readonly meaning: string }>> = {
  'scheduler.timezone': { label: 'Time zone', meaning: 'Of schedules that name none' },
  'scheduler.thread_pool_size': { label: 'Pool size', meaning: 'Runs at the same time, at most' },
  'scheduler.process_pool_size': {
    label: 'Process pool size',
    meaning: 'Kept for files of the Python program; jobs are processes here anyway',
  },
  'scheduler.max_queued': {
    label: 'Longest queue',
    meaning: 'Runs started by hand that may wait; further ones are refused',
  },
  'scheduler.powershell_host': {
    label: 'PowerShell',
    meaning: 'powershell is 5.1, pwsh is 7; not set: 5.1 on Windows, 7 elsewhere',
  },
  'scheduler.job_defaults.timeout': { label: 'Timeout', meaning: 'Seconds until a run is ended' },
  'scheduler.job_defaults.max_retries': { label: 'Retries', meaning: 'After a failure, at most' },
  'scheduler.job_defaults.retry_delay': { label: 'Retry delay', meaning: 'Seconds between attempts' },
  'scheduler.job_defaults.max_instances': {
    label: 'Instances',
    meaning: 'Runs of one job at the same time',
  },
  'scheduler.job_defaults.overlap': {
    label: 'Overlap',
    meaning: 'What happens when the earlier run has not ended: skip, queue or replace',
  },
  'scheduler.job_defaults.misfire_grace_time': {
    label: 'Grace time',
    meaning: 'Seconds a start may be late; not set: never too late',
  },
  'scheduler.job_defaults.coalesce': {
    label: 'Coalesce',
    meaning: 'After a gap one run stands for all that were missed',
  },
  'logging.level': { label: 'Level', meaning: 'What is written: this and everything worse' },
  'logging.file': { label: 'File', meaning: 'Within the data folder unless it is a whole path' },
  'logging.max_size': { label: 'Rotated at', meaning: 'Bytes of a log file' },
  'logging.backup_count': { label: 'Old files kept', meaning: 'Of each log' },
  'web.host': { label: 'Address', meaning: '127.0.0.1: this machine only' },
  'web.port': { label: 'Port', meaning: '0: any free one' },
  'web.secret_key': { label: 'Secret key', meaning: 'Needed before others may reach the pages' },
  'web.allowed_hosts': { label: 'Further names', meaning: 'Host names this server answers to' },
  'notifications.smtp.host': { label: 'Mail server', meaning: 'Mails are sent through it' },
  'notifications.smtp.port': { label: 'Mail port', meaning: '587 with STARTTLS, 465 with secure' },
  'notifications.smtp.secure': {
    label: 'Mail by TLS',
    meaning: 'From the first byte; else STARTTLS when offered',
  },
  'notifications.smtp.require_tls': {
    label: 'Never without TLS',
    meaning: 'A mail server that offers none is refused',
  },
  'notifications.smtp.verify_certificate': {
    label: 'Check its certificate',
    meaning: 'no: also a certificate nobody vouches for',
  },
  'notifications.smtp.username': { label: 'Mail login', meaning: 'Without one it sends without a login' },
  'notifications.smtp.password': { label: 'Mail password', meaning: "Or a secret: '{{ secrets.NAME }}'" },
  'notifications.smtp.from': { label: 'Sender', meaning: 'Of all mails' },
  'notifications.slack.webhook_url': {
    label: 'Slack',
    meaning: 'For channels without an address of their own',
  },
  'notifications.slack.webhook_urls': { label: 'Slack channels', meaning: 'Web address by name' },
  'notifications.teams.webhook_url': {
    label: 'Teams',
    meaning: 'For channels without an address of their own',
  },
  'notifications.teams.webhook_urls': { label: 'Teams channels', meaning: 'Web address by name' },
  'notifications.webhooks': { label: 'Webhooks', meaning: 'Receivers by name' },
  'notifications.defaults': { label: 'Told by default', meaning: 'Of all jobs that do not say' },
  'notifications.by_tag': { label: 'Told by tag', meaning: 'Of jobs with such a tag' },
  'notifications.allowed_hosts': {
    label: 'Allowed hosts',
    meaning: 'Of the own network, which messages may be sent to',
  },
  'notifications.link_base': { label: 'Links lead to', meaning: 'Not set: the address of this server' },
  'notifications.give_up_after': { label: 'Given up after', meaning: 'Seconds a message is tried again' },
  'notifications.timeout': { label: 'Longest answer', meaning: 'Seconds a receiver may take' },
  'notifications.heartbeat.url': { label: 'Heartbeat', meaning: 'Asked regularly while the program is well' },
  'notifications.heartbeat.every': { label: 'Heartbeat every', meaning: 'Seconds' },
  'database.connection_string': { label: 'Connection string', meaning: 'SQL Server as the store' },
  'database.pool_size': { label: 'Pool size', meaning: 'Connections kept open' },
};

/** The groups in which settings are shown, in order; a key belongs to the first whose start it has. */
export const settingGroups = [
  { id: 'scheduler', title: 'Scheduler', starts: ['scheduler.'], not: ['scheduler.job_defaults.'] },
  { id: 'defaults', title: 'Defaults of jobs', starts: ['scheduler.job_defaults.'], not: [] },
  { id: 'logging', title: 'Logging', starts: ['logging.'], not: [] },
  { id: 'retention', title: 'Retention', starts: ['retention.'], not: [] },
  { id: 'web', title: 'Web and API', starts: ['web.'], not: [] },
  { id: 'database', title: 'Database', starts: ['database.'], not: [] },
  { id: 'notifications', title: 'Notifications', starts: ['notifications'], not: [] },
  { id: 'other', title: 'More', starts: [''], not: [] },
] as const;

export type SettingGroupId = (typeof settingGroups)[number]['id'];

export function groupOf(key: string): SettingGroupId {
  const group = settingGroups.find(
    ({ starts, not }) =>
      starts.some((start) => key.startsWith(start)) && !not.some((start) => key.startsWith(start)),
  );
  return group?.id ?? 'other';
}

/** `job_defaults.max_retries` of `scheduler.job_defaults.max_retries` when nobody has written more. */
export function labelOf(key: string): string {
  return settingWords[key]?.label ?? key.slice(key.indexOf('.') + 1).replaceAll('_', ' ');
}

/** A value as a person reads it. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'not set';
  if (value === true) return 'yes';
  if (value === false) return 'no';
  if (value === '***') return '•••••• (set)';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(String).join(', ');
  return typeof value === 'object' ? JSON.stringify(value, null, 1) : String(value);
}
