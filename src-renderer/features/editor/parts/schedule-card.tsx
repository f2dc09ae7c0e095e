import { formatBothZones } from '../../../lib/time-text';
import { Card } from '../../../ui/page';
import { Skeleton } from '../../../ui/states';
import type { Preview, Slot } from '../use-preview';
import styles from './side-cards.module.css';

/** The clock of the schedule's zone, read from the text that carries its offset. */
function zoneParts({ local_time }: Slot): { readonly day: string; readonly time: string } {
  const wall = new Date(`${local_time.slice(0, 19)}Z`);
  const seconds = local_time.slice(17, 19) === '00' ? undefined : '2-digit';
  return {
    day: wall.toLocaleDateString(undefined, {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      timeZone: 'UTC',
    }),
    time: wall.toLocaleTimeString(undefined, {
      hour: '2-digit',
      minute: '2-digit',
      second: seconds,
      timeZone: 'UTC',
    }),
  };
}

/** The viewer's clock, when it shows something else. */
function hereText(slot: Slot): string | undefined {
  const at = new Date(slot.scheduled_time);
  const here = at.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  const there = zoneParts(slot);
  const hereDay = at.toLocaleDateString(undefined, { weekday: 'short', day: 'numeric', month: 'short' });
  if (hereDay === there.day && there.time.startsWith(here)) return undefined;
  return hereDay === there.day ? `${here} here` : `${hereDay} ${here} here`;
}

/** A slot in words, for places that have only text. */
export function slotText(slot: Slot): string {
  const { day, time } = zoneParts(slot);
  const rest = [hereText(slot), slot.note].filter(Boolean).join('; ');
  return `${day} ${time}${rest === '' ? '' : ` (${rest})`}`;
}

/** When the text would run: in words, then slot by slot with the viewer's clock and what clock changes do. */
export function ScheduleCard({
  hasSchedule,
  isValid,
  isCurrent,
  isEnabled,
  preview,
  problem,
}: {
  readonly hasSchedule: boolean;
  readonly isValid: boolean;
  /** The preview is of the schedule in the text. */
  readonly isCurrent: boolean;
  readonly isEnabled: boolean;
  readonly preview: Preview | undefined;
  readonly problem: string | undefined;
}) {
  if (!hasSchedule) {
    return (
      <Card title="Schedule">
        <p className={styles.soft}>No schedule: this job runs only by hand.</p>
      </Card>
    );
  }
  const note = isValid ? undefined : 'last valid text; yours differs';
  return (
    <Card title="Schedule">
      <div className={styles.words} aria-live="polite">
        {preview ? (
          <strong dir="auto">{preview.text}</strong>
        ) : isValid && !problem ? (
          <Skeleton width="70%" />
        ) : (
          <span className={styles.soft}>{problem ?? 'The schedule is not valid yet.'}</span>
        )}
        {preview && note && <div className={styles.note}>{note}</div>}
        {!isEnabled && <div className={styles.note}>The job is off: none of these will run.</div>}
      </div>
      {preview && (
        <ol className={styles.slots} aria-label="Next runs" data-old={!isCurrent || undefined}>
          {preview.slots.map((slot) => {
            const { day, time } = zoneParts(slot);
            return (
              <li key={slot.scheduled_time} title={formatBothZones(Date.parse(slot.scheduled_time))}>
                <span>{day}</span>
                <b>{time}</b>
                <span className={styles.soft}>{[hereText(slot), slot.note].filter(Boolean).join('; ')}</span>
              </li>
            );
          })}
          {preview.slots.length === 0 && <li className={styles.soft}>It never fires again.</li>}
        </ol>
      )}
    </Card>
  );
}
