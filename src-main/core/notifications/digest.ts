import type { NotificationMessage } from './message';
import { oneLine } from './message';

const mostNamed = 20;

/** Many messages for one target as one: what it says first is how many and of what kind. */
export function digestOf(
  messages: readonly NotificationMessage[],
  link: string | undefined,
): NotificationMessage {
  const newest = messages.at(-1) as NotificationMessage;
  const isBad = messages.some((message) => message.tone === 'bad');
  const jobs = new Set(messages.map((message) => message.job_id)).size;
  return {
    kind: 'digest',
    tone: isBad ? 'bad' : newest.tone,
    title: `${messages.length} messages about ${jobs} ${jobs === 1 ? 'job' : 'jobs'}`,
    text: `So much happened within a minute that it is told in one message:\n${messages
      .slice(0, mostNamed)
      .map((message) => `- ${message.title}${message.error ? `: ${oneLine(message.error, 120)}` : ''}`)
      .join('\n')}${messages.length > mostNamed ? `\n- and ${messages.length - mostNamed} more` : ''}`,
    facts: [],
    ...(link === undefined ? {} : { link: `${link}/executions` }),
    job_id: null,
    job_name: null,
    execution_id: null,
    status: null,
    tags: [],
    count: messages.length,
    time: newest.time,
  };
}
