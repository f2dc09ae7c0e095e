import { useNow } from '../../../lib/clock';
import { slotText } from '../../../lib/slot-text';
import { formatBothZones } from '../../../lib/time-text';
import { Card } from '../../../ui/page';
import { Skeleton } from '../../../ui/states';
import type { Preview, Slot } from '../use-preview';
import styles from './side-cards.module.css';

/** A slot in words, for places that have only text. */
export function slotWords({ scheduled_time, timezone, note }: Slot, now: number): string {
  const { day, clock, here } = slotText(Date.parse(scheduled_time), timezone, now);
  const rest = [here, note].filter(Boolean).join('; ');
  return `${day} ${clock}${rest === '' ? '' : ` (${rest})`}`;
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
  const now = useNow(60_000);
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
            const at = Date.parse(slot.scheduled_time);
            const { day, clock, here } = slotText(at, slot.timezone, now);
            return (
              <li key={slot.scheduled_time} title={formatBothZones(at, slot.timezone)}>
                <span>{day}</span>
                <b>{clock}</b>
                <span className={styles.soft}>{[here, slot.note].filter(Boolean).join(' · ')}</span>
              </li>
            );
          })}
          {preview.slots.length === 0 && <li className={styles.soft}>It never fires again.</li>}
        </ol>
      )}
    </Card>
  );
}
