import type { DoctorReport } from '../../../src-shared/model/doctor';
import { type NotificationMessage, oneLine } from './message';

const mostNamed = 20;

/** What the daily check found, for those who are told of failures; undefined when all is well. */
export function doctorMessage(
  report: DoctorReport,
  link: string | undefined,
): NotificationMessage | undefined {
  const { failing, machine, jobs, text, checked_at } = report;
  const broken = jobs.filter(({ findings }) => findings.some(({ severity }) => severity === 'error'));
  if (failing === 0 && machine.length === 0) return undefined;
  const lines = [
    ...machine.map(({ message, fix }) => `- ${oneLine(message)}: ${oneLine(fix)}`),
    ...broken.slice(0, mostNamed).map(({ name, findings }) => {
      const [first] = findings.filter(({ severity }) => severity === 'error');
      return `- ${oneLine(name, 80)}: ${oneLine(first?.message ?? '')}; ${oneLine(first?.fix ?? '')}`;
    }),
    ...(broken.length > mostNamed ? [`- and ${broken.length - mostNamed} more`] : []),
  ];
  const isBad = failing > 0 || machine.some(({ severity }) => severity === 'error');
  return {
    kind: 'doctor',
    tone: isBad ? 'bad' : 'warning',
    title: failing > 0 ? text : (machine[0]?.message ?? text),
    text: `The daily check found:\n${lines.join('\n')}`,
    facts: [],
    ...(link === undefined ? {} : { link: `${link}/scheduler?tab=check` }),
    job_id: null,
    job_name: null,
    execution_id: null,
    status: null,
    tags: [],
    count: 1,
    time: checked_at,
  };
}
