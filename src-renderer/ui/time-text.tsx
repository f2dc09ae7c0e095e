import { useMemo } from 'react';
import { serverNow, useNow } from '../lib/clock';
import { formatAbsolute, formatBothZones, formatNear, renewNearMs } from '../lib/time-text';

/**
 * An instant in words; the full instant, in the viewer's and the job's zone, on hover. `absolute` never says
 * "in 42 s". Null shows `none`.
 */
export function TimeText({
  instant,
  zone,
  absolute = false,
  none = '–',
}: {
  readonly instant: string | number | null | undefined;
  readonly zone?: string | null;
  readonly absolute?: boolean;
  readonly none?: string;
}) {
  const at =
    instant === null || instant === undefined
      ? Number.NaN
      : typeof instant === 'number'
        ? instant
        : Date.parse(instant);
  if (Number.isNaN(at)) return <span>{none}</span>;
  return absolute ? <Still at={at} zone={zone} /> : <Moving at={at} zone={zone} />;
}

interface AtProps {
  readonly at: number;
  readonly zone?: string | null;
}

function Still({ at, zone }: AtProps) {
  const now = useNow(60_000);
  const title = useMemo(() => formatBothZones(at, zone), [at, zone]);
  return (
    <time dateTime={new Date(at).toISOString()} title={title}>
      {formatAbsolute(at, now)}
    </time>
  );
}

function Moving({ at, zone }: AtProps) {
  const now = useNow(renewNearMs(at, serverNow()));
  const title = useMemo(() => formatBothZones(at, zone), [at, zone]);
  return (
    <time dateTime={new Date(at).toISOString()} title={title}>
      {formatNear(at, now)}
    </time>
  );
}
