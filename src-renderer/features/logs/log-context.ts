import type { LogLine } from '../../../src-shared/model/log';
import { api } from '../../lib/api';

const around = 10;
const minuteMs = 60_000;

/** A line as the file holds it. */
export function lineText({ time, level, source, message }: LogLine): string {
  return `${time} ${level.toUpperCase().padEnd(7)} ${source}: ${message}`;
}

/**
 * A line with those around it in its log, whatever the filters say: at most ten before and ten after, oldest first,
 * the line itself marked with `>`.
 */
export async function withContext(line: LogLine): Promise<string> {
  const at = Date.parse(line.time);
  const { logs } = await api.system.logs({
    query: {
      source: line.source,
      from: new Date(at - 60 * minuteMs).toISOString(),
      to: new Date(at + 10 * minuteMs).toISOString(),
      limit: 1000,
    },
  });
  const ordered = logs.toReversed();
  const index = ordered.findIndex((one) => one.time === line.time && one.message === line.message);
  if (index < 0) return lineText(line);
  return ordered
    .slice(Math.max(0, index - around), index + around + 1)
    .map((one, offset) => `${offset + Math.max(0, index - around) === index ? '> ' : '  '}${lineText(one)}`)
    .join('\n');
}
