import { AppError } from '../../../src-shared/errors';
import { type ChannelTarget, type Recipient, targetsOf } from '../../../src-shared/model/notification';
import { emailProblem, readWebTarget } from '../../../src-shared/notify/address-rules';
import type { Job } from '../jobs/job';
import type { Clock } from '../ports/clock';
import type { Delivery, NotificationPorts } from '../ports/notifier';
import type { Random } from '../ports/random';
import type { Redactor } from '../secrets/redactor';
import { aboutJob } from './compose-message';
import type { NotificationMessage } from './message';
import type { NewsDeps } from './news';

interface ChannelTrialDeps {
  readonly ports: NotificationPorts;
  readonly newsDeps: NewsDeps;
  readonly clock: Clock;
  readonly random: Pick<Random, 'digest'>;
  readonly redactor: Redactor;
}

/** Sends a message to try a channel, past the outbox. Throws `validation_failed` for a target that must not be. */
export function createChannelTrial({ ports, newsDeps, clock, random, redactor }: ChannelTrialDeps) {
  const refuseTarget = ({ channel, target }: ChannelTarget): void => {
    const isWeb = /^[a-z][a-z0-9+.-]*:/i.test(target);
    const read = channel !== 'email' && isWeb ? readWebTarget(target, ports.allowedHosts) : undefined;
    const bad = channel === 'email' ? target.split(', ').find((one) => emailProblem(one)) : undefined;
    const problem = bad === undefined ? (typeof read === 'string' ? read : undefined) : emailProblem(bad);
    if (problem) throw new AppError('validation_failed', `${channel} ${problem}`);
  };

  const messageFor = (job: Job | undefined): NotificationMessage => {
    const at = clock.now();
    const text = 'This is a test. When something happens to a job, its message comes this way.';
    if (job)
      return aboutJob(newsDeps, job, {
        kind: 'test',
        tone: 'info',
        title: `Test: notifications of ${job.record.name}`,
        text,
        at,
      });
    const link = ports.linkBase();
    return {
      kind: 'test',
      tone: 'info',
      title: 'Test: notifications of Job Scheduler',
      text,
      facts: [],
      ...(link === undefined ? {} : { link }),
      job_id: null,
      job_name: null,
      execution_id: null,
      status: null,
      tags: [],
      count: 1,
      time: new Date(at).toISOString(),
    };
  };

  return async (recipient: Recipient, job: Job | undefined): Promise<Delivery> => {
    const [target] = targetsOf([recipient]);
    if (!target) throw new AppError('validation_failed', 'The recipient is switched off (false)');
    refuseTarget(target);
    const channel = ports.channels.find((one) => one.channel === target.channel);
    const problem = channel
      ? channel.problem(target.target)
      : `this program has no channel "${target.channel}"`;
    if (!channel || problem) return { kind: 'failed', error: problem ?? '', isFinal: true };
    const message = redactor.value(messageFor(job));
    const id = random.digest(`test ${clock.now()} ${target.channel} ${target.target}`).slice(0, 32);
    return redactor.value(await channel.send({ id, target: target.target, message }));
  };
}
