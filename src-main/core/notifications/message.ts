import type { NotificationKind } from '../../../src-shared/model/notification';

/** How a message is to be taken. */
export type Tone = 'bad' | 'warning' | 'good' | 'info';

/** What somebody is told, before a channel gives it its form. Secrets are masked. */
export interface NotificationMessage {
  readonly kind: NotificationKind;
  readonly tone: Tone;
  /** One line: `Nightly load failed`. */
  readonly title: string;
  /** What happened, in a sentence or two. */
  readonly text: string;
  /** The line an admin would look for. */
  readonly error?: string;
  /** Since when, what changed, next run, ...: name and value. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly link?: string;
  readonly job_id: string | null;
  readonly job_name: string | null;
  readonly execution_id: string | null;
  readonly status: string | null;
  readonly tags: readonly string[];
  /** Which of the same news this is, from 1. */
  readonly count: number;
  /** When it happened, ISO. */
  readonly time: string;
}

/** One line: nothing in a name or an error may begin another line, or a header. */
export function oneLine(text: string, longest = 200): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/** The message as plain text, below its title. */
export function messageText(message: NotificationMessage): string {
  const width = Math.max(0, ...message.facts.map(([name]) => name.length));
  const facts = message.facts.map(([name, value]) => `${`${name}:`.padEnd(width + 2)}${value}`);
  return [
    message.text,
    ...(message.error ? ['', message.error] : []),
    ...(facts.length > 0 ? ['', ...facts] : []),
    ...(message.link ? ['', message.link] : []),
  ].join('\n');
}

/** `3 d 4 h`, `25 min`, `40 s`: as long as an admin would say it. */
export function roughly(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

export function ordinal(number: number): string {
  const teen = number % 100 >= 11 && number % 100 <= 13;
  const end = teen ? 'th' : ({ 1: 'st', 2: 'nd', 3: 'rd' }[number % 10] ?? 'th');
  return `${number}${end}`;
}
