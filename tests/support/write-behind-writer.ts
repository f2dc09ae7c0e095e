// Writes executions through a write-behind store until it is killed, and tells of each one once it is stored.
import { openWriteBehindStore } from '../../src-main/adapters/persistence/write-behind/open-write-behind-store';

const quiet = () => undefined;
const store = await openWriteBehindStore({
  target: JSON.parse(process.env.WRITER_TARGET ?? ''),
  dataFolder: process.env.WRITER_FOLDER ?? '',
  logger: { debug: quiet, info: quiet, warning: quiet, error: quiet },
});
for (;;) {
  const id = await store.executions.insert({
    job_id: 'a',
    job_name: 'A',
    status: 'running',
    trigger: 'manual',
    scheduled_time: null,
    start_time: Date.now(),
    retry_count: 0,
    max_retries: 0,
    metadata: {},
    owner: 'writer',
    slot_key: null,
  });
  if (id === undefined) throw new Error('not inserted');
  await store.executions.update(id, { status: 'success', end_time: Date.now(), output: 'x'.repeat(2000) });
  process.send?.(id);
}
