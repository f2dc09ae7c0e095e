import type { LogLevelName } from '../../../src-shared/model/log';

/** What the logs page shows, as its address says it. */
export interface LogsFilter {
  readonly level: LogLevelName | '';
  readonly source: string;
  readonly search: string;
  /** A stretch that ends now (`1h`), `custom`, or '' for all there is. */
  readonly range: string;
  /** Of `custom`: ISO instants or ''. */
  readonly from: string;
  readonly to: string;
}

export const levels: readonly LogLevelName[] = ['debug', 'info', 'warning', 'error'];

export const levelWords: Readonly<Record<LogLevelName, string>> = {
  debug: 'Debug',
  info: 'Info',
  warning: 'Warning',
  error: 'Error',
};

export const ranges = [
  { value: '', label: 'Any time', ms: 0 },
  { value: '15m', label: 'Last 15 minutes', ms: 15 * 60_000 },
  { value: '1h', label: 'Last hour', ms: 3_600_000 },
  { value: '24h', label: 'Last 24 hours', ms: 86_400_000 },
  { value: '7d', label: 'Last 7 days', ms: 7 * 86_400_000 },
  { value: 'custom', label: 'From … to …', ms: 0 },
] as const;

const longestSearch = 200;

/** Only what the program would take: an address typed by hand may hold anything. */
export function readFilter(params: URLSearchParams): LogsFilter {
  const level = params.get('level') ?? '';
  const range = params.get('range') ?? '';
  const instant = (name: string) => {
    const value = params.get(name) ?? '';
    return Number.isNaN(Date.parse(value)) ? '' : new Date(value).toISOString();
  };
  return {
    level: levels.includes(level as LogLevelName) ? (level as LogLevelName) : '',
    source: params.get('source') ?? '',
    search: (params.get('q') ?? '').slice(0, longestSearch),
    range: ranges.some((one) => one.value === range) ? range : '',
    from: instant('from'),
    to: instant('to'),
  };
}

/** Whether new lines can belong to what is shown: a stretch that ended does not grow. */
export function isOpenEnded({ range, to }: LogsFilter): boolean {
  return range !== 'custom' || to === '';
}

/** The filter as the API takes it. */
export function toQuery(filter: LogsFilter, now: number) {
  const ms = ranges.find((one) => one.value === filter.range)?.ms ?? 0;
  const isCustom = filter.range === 'custom';
  const from = isCustom ? filter.from : ms > 0 ? new Date(now - ms).toISOString() : '';
  return {
    ...(filter.level ? { level: filter.level } : {}),
    ...(filter.source ? { source: filter.source } : {}),
    ...(filter.search ? { search: filter.search } : {}),
    ...(from ? { from } : {}),
    ...(isCustom && filter.to ? { to: filter.to } : {}),
  };
}

/** The same without times: new lines are always now. */
export function toTailQuery({ level, source, search }: LogsFilter) {
  return {
    ...(level ? { level } : {}),
    ...(source ? { source } : {}),
    ...(search ? { search } : {}),
  };
}
