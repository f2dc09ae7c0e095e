// A year of slots for 1,000 mixed jobs, and hostile expressions: each an answer or an error, and how long it took. [JOBS=1000]
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import { report } from './support.mjs';

const jobs = Number(process.argv[2] ?? 1000);
const root = fileURLToPath(new URL('../..', import.meta.url));
const vite = await createServer({
  root,
  configFile: false,
  appType: 'custom',
  server: { middlewareMode: true, ws: false },
  logLevel: 'error',
});
const load = (file) => vite.ssrLoadModule(`${root}/${file}`);
const { parseSchedule } = await load('src-shared/schedule/parse-schedule.ts');
const { Schedule } = await load('src-shared/model/schedule.ts');
const { createTrigger } = await load('src-main/core/schedule/trigger.ts');

const from = Date.parse('2026-01-01T00:00:00Z');
const year = from + 365 * 86_400_000;
const zones = [
  'UTC',
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Asia/Kolkata',
];
const kinds = [
  (i) => ({ cron_params: { hour: i % 24, minute: i % 60 } }),
  () => ({ cron_params: { minute: '*/15', hour: '8-17', day_of_week: 'mon-fri' } }),
  (i) => ({ cron_params: { day: 'last', hour: i % 24 } }),
  (_i) => ({ cron_params: { day: '2nd tue', hour: 3 } }),
  (i) => ({ expression: `${i % 60} */2 * * 1-5` }),
  (_i) => ({ cron_params: { minute: '*/5' } }),
];
const begin = performance.now();
let slots = 0;
for (let index = 0; index < jobs; index += 1) {
  const timezone = zones[index % zones.length];
  const schedule =
    index % 7 === 6
      ? { type: 'interval', interval_params: { minutes: 10 + (index % 600) }, timezone }
      : { type: 'cron', timezone, ...kinds[index % kinds.length](index) };
  const { parsed } = parseSchedule(schedule, 'schedule');
  const trigger = createTrigger(parsed, { defaultTimezone: 'UTC', anchor: from });
  slots += trigger.between(from, year, Number.POSITIVE_INFINITY).length;
}
const yearSeconds = (performance.now() - begin) / 1000;

const long = 'x'.repeat(10_000);
const list = Array.from({ length: 1_000_000 }, (_, i) => i % 60).join(',');
const hostile = {
  '10,000 characters': { cron_params: { minute: long } },
  '10,000 characters of steps': { cron_params: { minute: '*/1,'.repeat(2500) } },
  'crontab of 10,000 characters': { expression: `${'1,'.repeat(5000)}1 * * * *` },
  'a list of 1,000,000 items': { cron_params: { minute: list } },
  '30 February': { cron_params: { month: 2, day: 30 } },
  '30 February on a Monday in 2099': { cron_params: { year: 2099, month: 2, day: 30, day_of_week: 'mon' } },
  '29 February on a Monday': { cron_params: { month: 2, day: 29, day_of_week: 'mon' } },
  'week 53 on 1 June': { cron_params: { week: 53, month: 6, day: 1 } },
  '5th Monday of February on the 1st': { cron_params: { month: 2, day: '5th mon', day_of_week: 'tue' } },
  'year 2099': { cron_params: { year: 2099 }, timezone: 'Africa/Cairo' },
  'years 1970-9999 by 7': { cron_params: { year: '1970/7', week: 53, day_of_week: 'sun' } },
  'never, with seconds': { cron_params: { month: 2, day: 31, second: '*' }, timezone: 'Africa/Casablanca' },
  'long ago': { cron_params: { year: 1999, second: '*' } },
};
const results = {};
for (const [name, spec] of Object.entries(hostile)) {
  const started = performance.now();
  let answer;
  const shape = Schedule.safeParse({ type: 'cron', ...spec });
  const { parsed, issues } = shape.success
    ? parseSchedule(shape.data, 'schedule')
    : { issues: [{ message: 'refused' }] };
  if (!parsed) answer = `error: ${issues[0].message.slice(0, 60)}`;
  else {
    const next = createTrigger(parsed, { defaultTimezone: 'UTC', anchor: from }).next(from);
    answer = next === undefined ? 'never' : new Date(next).toISOString();
  }
  results[name] = `${(performance.now() - started).toFixed(1)} ms  ${answer}`;
}
await vite.close();
for (const [name, told] of Object.entries(results)) console.log(name.padEnd(36), told);
report({
  jobs,
  slots_of_a_year: slots,
  seconds: Math.round(yearSeconds * 100) / 100,
  worst_hostile_ms: Math.max(...Object.values(results).map((one) => Number.parseFloat(one))),
});
process.exit(0);
