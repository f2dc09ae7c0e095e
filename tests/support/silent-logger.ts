import type { Logger, LogLevel } from '../../src-main/core/ports/logger';

export interface RecordingLogger extends Logger {
  readonly lines: { readonly level: LogLevel; readonly message: string }[];
}

/** A logger that only remembers. */
export function recordingLogger(): RecordingLogger {
  const lines: { level: LogLevel; message: string }[] = [];
  const put = (level: LogLevel) => (message: string) => void lines.push({ level, message });
  return { lines, debug: put('debug'), info: put('info'), warning: put('warning'), error: put('error') };
}
