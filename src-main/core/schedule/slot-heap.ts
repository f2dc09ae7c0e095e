import { createHeap, type Heap } from '../heap';

/** A timetable entry: which job is due when. */
export interface HeapEntry {
  readonly job_id: string;
  readonly next: number;
}

/**
 * The earliest due entry of many. An entry that was replaced stays inside until it surfaces; the caller recognises
 * it by comparing with what it holds now. Jobs due at the same instant come by their ids: which of them get the
 * free places must not be left to chance.
 */
export function createSlotHeap(): Heap<HeapEntry> {
  return createHeap((a, b) => a.next < b.next || (a.next === b.next && a.job_id < b.job_id));
}
