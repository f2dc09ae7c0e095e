import {
  type ChannelTarget,
  type NotificationDefaults,
  type Recipient,
  type RecipientList,
  targetsOf,
} from '../../../src-shared/model/notification';
import type { Job } from '../jobs/job';
import type { FoldingRules } from './trouble';

/** `notifications.defaults` and `notifications.by_tag` of the configuration. */
export interface Defaults {
  readonly defaults: NotificationDefaults;
  readonly by_tag: Readonly<Record<string, NotificationDefaults>>;
}

export interface Audience {
  readonly targets: readonly ChannelTarget[];
  /** Where the list stands: `the job`, `the defaults`, `the tag "night"`; empty when nobody is told. */
  readonly from: string;
}

const dayS = 86_400;

function tagEntries(job: Job, { by_tag }: Defaults): readonly (readonly [string, NotificationDefaults])[] {
  return (job.definition.tags ?? []).flatMap((tag) => {
    const entry = Object.hasOwn(by_tag, tag) ? by_tag[tag] : undefined;
    return entry ? [[tag, entry] as const] : [];
  });
}

/**
 * Who is told of an event: the job's own list when it has one (an empty one silences it), else the lists of its tags
 * and of the defaults together.
 */
function listed(job: Job, list: RecipientList, defaults: Defaults): Audience {
  const own = job.definition.notifications;
  if (own?.[list] !== undefined) return { targets: targetsOf(own[list]), from: 'the job' };
  if (own?.use_defaults === false) return { targets: [], from: '' };
  const all: Recipient[] = [];
  const from: string[] = [];
  for (const [tag, entry] of tagEntries(job, defaults)) {
    if (!entry[list]?.length) continue;
    all.push(...entry[list]);
    from.push(`the tag "${tag}"`);
  }
  if (defaults.defaults[list]?.length) {
    all.push(...defaults.defaults[list]);
    from.push('the defaults');
  }
  return { targets: targetsOf(all), from: from.join(' and ') };
}

/** Whether anybody has written this list for the job, an empty one included. */
function isGiven(job: Job, list: RecipientList, defaults: Defaults): boolean {
  const own = job.definition.notifications;
  if (own?.[list] !== undefined) return true;
  if (own?.use_defaults === false) return false;
  return (
    defaults.defaults[list] !== undefined ||
    tagEntries(job, defaults).some(([, entry]) => entry[list] !== undefined)
  );
}

/**
 * Who is told, with the lists that stand in for one another: a recovery is told to those who hear of failures; a
 * promise the job makes itself (must_finish_by, expect_success_every, long_running_after) too.
 */
export function audienceOf(job: Job, list: RecipientList, defaults: Defaults): Audience {
  const { must_finish_by, expect_success_every, long_running_after } = job.definition;
  const standsIn: Partial<Record<RecipientList, boolean>> = {
    on_recovery: true,
    on_not_run_by: must_finish_by != null || expect_success_every != null,
    on_long_running: long_running_after != null,
  };
  if (!isGiven(job, list, defaults) && standsIn[list]) return listed(job, 'on_failure', defaults);
  return listed(job, list, defaults);
}

/** The job's own rules of folding before those of its tags, and those before the defaults. */
export function foldingOf(job: Job, defaults: Defaults): FoldingRules {
  const own = job.definition.notifications;
  const entries =
    own?.use_defaults === false
      ? [own]
      : [own ?? {}, ...tagEntries(job, defaults).map(([, entry]) => entry), defaults.defaults];
  const first = (key: 'after_failures' | 'remind_every') =>
    entries.map((entry) => entry[key]).find((value) => value !== undefined);
  return { afterFailures: first('after_failures') ?? 1, remindEverySeconds: first('remind_every') ?? dayS };
}
