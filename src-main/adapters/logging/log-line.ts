import type { LogEntry, LogLevel } from '../../core/ports/logger';

/**
 * Everything that would break a line or move a terminal's cursor becomes its escape: a job's name or output must
 * not be able to write lines of its own into the log (negative test S53).
 */
export function oneLine(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is escaped
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => {
      if (character === '\n') return '\\n';
      if (character === '\r') return '\\r';
      if (character === '\t') return '\\t';
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    },
  );
}

/** What an entry says, on one line: its message with its details as JSON. */
export function messageOf(message: string, details?: Readonly<Record<string, unknown>>): string {
  const rest = details && Object.keys(details).length > 0 ? ` ${JSON.stringify(details)}` : '';
  return oneLine(message + rest);
}

export function formatLine(
  time: Date,
  level: LogLevel,
  message: string,
  details?: Readonly<Record<string, unknown>>,
): string {
  return `${time.toISOString()} ${level.toUpperCase().padEnd(7)} ${messageOf(message, details)}`;
}

const form = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z) (DEBUG|INFO|WARNING|ERROR) +(.*)$/;

/** A line of ours; undefined for anything else that stands in the file. */
export function parseLine(line: string, source: string): LogEntry | undefined {
  const match = form.exec(line);
  if (!match) return undefined;
  return {
    time: match[1] ?? '',
    level: (match[2] ?? 'INFO').toLowerCase() as LogLevel,
    source,
    message: match[3] ?? '',
  };
}
