// Pages and counts over a history of 1,000,000 rows: p50 and p95 on the embedded store and, by TEST_SQLSERVER_URL, on SQL Server. [ROWS=1000000] [embedded|sql_server]
import { importTypeScript, percentile, report, temporaryFolder } from './support.mjs';

const rows = Number(process.argv[2] ?? 1_000_000);
const only = process.argv[3];
const asks = 20;
/** A question that takes long is asked less often. */
const longestMs = 10_000;
const { commonMessage, openStores, rareMessage } = await importTypeScript('tests/bench/history-stores.ts');

const dayMs = 86_400_000;
const now = Date.now();
const page = { limit: 50, offset: 0, sort: 'start_time', descending: true };
const jobIds = Array.from({ length: 40 }, (_, index) => `job_${String(index * 11).padStart(4, '0')}`);

/** What the pages of the window and the API ask: a page, and of how many. */
const pages = {
  newest: [{}, page],
  oldest_first: [{}, { ...page, descending: false }],
  page_100: [{}, { ...page, offset: 5000 }],
  middle: [{}, { ...page, offset: Math.floor(rows / 2) }],
  last: [{}, { ...page, offset: rows - 50 }],
  failed: [{ status: ['failed', 'timeout'] }, page],
  failed_middle: [{ status: ['failed'] }, { ...page, offset: Math.floor(rows / 60) }],
  successes: [{ status: ['success'] }, page],
  manual: [{ trigger: ['manual'] }, page],
  one_type: [{ job_type: ['sql'] }, page],
  one_job: [{ job_id: 'job_0042' }, page],
  one_job_failed: [{ job_id: 'job_0030', status: ['failed'] }, page],
  one_day: [{ from: now - dayMs }, page],
  a_week_back_then: [{ from: now - 52.3 * dayMs, to: now - 45.3 * dayMs }, page],
  a_month_deep: [
    { from: now - 60.3 * dayMs, to: now - 30.3 * dayMs },
    { ...page, offset: Math.floor(rows / 6) },
  ],
  failed_in_a_month: [{ from: now - 60.3 * dayMs, to: now - 30.3 * dayMs, status: ['failed'] }, page],
  search_name: [{ search: 'night 42' }, page],
  search_message: [{ search: commonMessage }, page],
  search_rare_message: [{ search: rareMessage }, page],
  search_nothing: [{ search: 'zzzz' }, page],
  search_failed: [{ search: 'etl', status: ['failed'] }, page],
  by_end: [{}, { ...page, sort: 'end_time' }],
  by_duration: [{}, { ...page, sort: 'duration_seconds' }],
  by_name: [{}, { ...page, sort: 'job_name', descending: false }],
  by_job: [{}, { ...page, sort: 'job_id', descending: false }],
  by_status: [{}, { ...page, sort: 'status', descending: false }],
  by_plan: [{}, { ...page, sort: 'scheduled_time' }],
};
const figuresOfJob = { limit: 60, offset: 0, sort: 'execution_id', descending: true };
const plan = { ...page, limit: 201, sort: 'scheduled_time' };
const week = { from: now - 7 * dayMs, to: now };
/** The questions of the dashboard, the timeline, a job's page and an export. */
const others = {
  dashboard_week: (store) => store.statistics.hours(week.from),
  dashboard_day: (store) => store.statistics.totals(now - dayMs),
  status_of_day: (store) => store.executions.countByStatus(now - dayMs),
  timeline_40_jobs: (store) => store.statistics.hourMarks(jobIds, week),
  timeline_marks: (store) => store.statistics.marks('job_0042', week, 801),
  figures_of_40_jobs: (store) =>
    Promise.all(jobIds.map((job_id) => store.executions.list({ job_id }, figuresOfJob))),
  slots_of_a_job: (store) =>
    store.executions.list({ job_id: 'job_0042', planned_from: week.from, planned_to: week.to }, plan),
  newest_of_each_job: (store) => store.executions.latestPerJob(),
  export_200_outputs: async (store) => {
    const found = await store.executions.list({ job_id: 'job_0042' }, { ...page, limit: 200 });
    await store.executions.outputs(found.map((row) => row.execution_id));
  },
};

const questions = {
  ...Object.fromEntries(
    Object.entries(pages).map(([name, [filter, wanted]]) => [
      name,
      (store) => Promise.all([store.executions.list(filter, wanted), store.executions.count(filter)]),
    ]),
  ),
  ...others,
};

const round = (milliseconds) => Math.round(milliseconds * 10) / 10;
const figures = { rows };
for await (const { name, store, fillSeconds, close } of openStores(temporaryFolder(), rows, only)) {
  const found = { fill_s: fillSeconds };
  const all = [];
  for (const [question, ask] of Object.entries(questions)) {
    const times = [];
    const begun = performance.now();
    for (let index = 0; index < asks && performance.now() - begun < longestMs; index += 1) {
      const started = performance.now();
      await ask(store);
      times.push(performance.now() - started);
    }
    all.push(...times);
    found[question] = [round(percentile(times, 0.5)), round(percentile(times, 0.95))];
    console.error(`${name} ${question}: p50 ${found[question][0]} ms, p95 ${found[question][1]} ms`);
  }
  found.all_p95_ms = round(percentile(all, 0.95));
  figures[name] = found;
  await close();
}
report(figures);
