import type { CalendarContent } from '../../../src-shared/model/calendar';

/** Reads calendar files. */
export interface CalendarReader {
  /**
   * The events of an iCalendar text (RFC 5545) as entries of a holiday set: whole days as dates, days that come
   * every year as such, others as spans. Recurrences are written out from `from` to `until`. What can't be kept
   * is told in `warnings`. Throws AppError `validation_failed` for a text that is no calendar.
   */
  readIcal(
    text: string,
    range: { readonly from: number; readonly until: number },
  ): {
    readonly name: string | undefined;
    readonly content: Pick<CalendarContent, 'dates' | 'yearly' | 'spans'>;
    readonly warnings: readonly string[];
  };
}
