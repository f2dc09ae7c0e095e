import { useEffect, useState } from 'react';
import type { Schedule } from '../../../src-shared/model/schedule';
import { api, errorText } from '../../lib/api';

export interface Slot {
  readonly scheduled_time: string;
  /** With the offset of the schedule's zone. */
  readonly local_time: string;
  /** The zone of `local_time`. */
  readonly timezone: string;
  readonly note?: string;
}

export interface Preview {
  /** The schedule it is about, as JSON. */
  readonly of: string;
  readonly text: string;
  readonly slots: readonly Slot[];
}

const askAfterMs = 250;
const shownSlots = 6;

/** When a schedule would fire, as the program computes it. While the text holds no valid one, the last valid one stays. */
export function usePreview(schedule: Schedule | undefined): {
  readonly preview: Preview | undefined;
  readonly problem: string | undefined;
} {
  const [preview, setPreview] = useState<Preview>();
  const [problem, setProblem] = useState<string>();
  const wanted = schedule === undefined ? undefined : JSON.stringify(schedule);
  useEffect(() => {
    if (wanted === undefined) return;
    let isWanted = true;
    const timer = setTimeout(async () => {
      try {
        const body = { schedule: JSON.parse(wanted) as Schedule, count: shownSlots };
        const { schedule_text, slots } = await api.scheduler.preview({ body });
        if (!isWanted) return;
        setPreview({ of: wanted, text: schedule_text, slots });
        setProblem(undefined);
      } catch (error) {
        if (isWanted) setProblem(errorText(error));
      }
    }, askAfterMs);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [wanted]);
  return { preview, problem };
}
