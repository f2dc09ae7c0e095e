import { messageText, type NotificationMessage } from '../../core/notifications/message';

/** The names a webhook's template may use. */
function values(id: string, message: NotificationMessage): ReadonlyMap<string, string> {
  return new Map([
    ['notification_id', id],
    ['kind', message.kind],
    ['tone', message.tone],
    ['title', message.title],
    ['summary', message.text],
    ['text', messageText(message)],
    ['error', message.error ?? ''],
    ['link', message.link ?? ''],
    ['job_id', message.job_id ?? ''],
    ['job_name', message.job_name ?? ''],
    ['execution_id', message.execution_id ?? ''],
    ['status', message.status ?? ''],
    ['tags', message.tags.join(', ')],
    ['count', String(message.count)],
    ['time', message.time],
  ]);
}

/**
 * Fills `{{name}}` by the known names alone; anything else, `{{constructor}}` or `${...}` among it, stays as it is
 * written, and what is filled in is not read again. In JSON a value is put in as the inside of a text.
 */
export function fillTemplate(
  template: string,
  id: string,
  message: NotificationMessage,
  isJson: boolean,
): string {
  const known = values(id, message);
  return template.replace(/\{\{\s*([a-z_]{1,40})\s*\}\}/g, (whole, name: string) => {
    const value = known.get(name);
    if (value === undefined) return whole;
    return isJson ? JSON.stringify(value).slice(1, -1) : value;
  });
}
