import { messageText, type NotificationMessage, oneLine } from '../../core/notifications/message';
import type { Delivery, NotificationChannel } from '../../core/ports/notifier';
import { type OpenSecret, withSecrets } from './secret-text';
import { fillTemplate } from './template';
import { deliveryOf, type WebReply, type WebRules, webRequest } from './web-request';

export interface WebChannelDeps {
  readonly rules: WebRules;
  readonly openSecret: OpenSecret;
}

interface HookSettings {
  readonly webhook_url?: string | undefined;
  readonly webhook_urls: Readonly<Record<string, string>>;
}

interface WebhookSettings {
  readonly url: string;
  readonly method: 'POST' | 'PUT';
  readonly content_type: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

const isWebAddress = (text: string): boolean => /^https?:\/\//i.test(text);
const mostNamed = 10;
const named = (names: readonly string[]): string =>
  names.length === 0
    ? 'none'
    : `${names.slice(0, mostNamed).join(', ')}${names.length > mostNamed ? ` and ${names.length - mostNamed} more` : ''}`;

async function post(
  wanted: {
    url: string;
    method: 'POST' | 'PUT';
    headers: Readonly<Record<string, string>>;
    body: string;
    id: string;
  },
  { rules, openSecret }: WebChannelDeps,
  judge: (reply: WebReply) => string | undefined = () => undefined,
): Promise<Delivery> {
  let request: { url: string; headers: Record<string, string> };
  try {
    request = {
      url: withSecrets(wanted.url, openSecret),
      headers: Object.fromEntries(
        Object.entries(wanted.headers).map(([name, value]) => [name, withSecrets(value, openSecret)]),
      ),
    };
  } catch (error) {
    return { kind: 'failed', error: (error as Error).message, isFinal: false };
  }
  const outcome = await webRequest(
    {
      url: request.url,
      method: wanted.method,
      // A receiver that got it before, and whose answer was lost, can tell that it is the same.
      headers: { ...request.headers, 'Idempotency-Key': wanted.id },
      body: wanted.body,
    },
    rules,
  );
  const delivery = deliveryOf(outcome);
  const refusal = delivery.kind === 'sent' && 'status' in outcome ? judge(outcome) : undefined;
  return refusal === undefined ? delivery : { kind: 'failed', error: refusal, isFinal: false };
}

/** Slack and Teams: an incoming webhook for each channel, or one for all. */
function createHookChannel(
  channel: 'slack' | 'teams',
  settings: HookSettings,
  deps: WebChannelDeps,
  bodyOf: (message: NotificationMessage, target: string) => unknown,
  judge: (reply: WebReply) => string | undefined,
): NotificationChannel {
  const names = Object.keys(settings.webhook_urls);
  const urlOf = (target: string): string | undefined => {
    if (isWebAddress(target)) return target;
    const own = Object.hasOwn(settings.webhook_urls, target) ? settings.webhook_urls[target] : undefined;
    return own ?? settings.webhook_url;
  };
  const problem = (target?: string) => {
    if (target === undefined)
      return names.length > 0 || settings.webhook_url
        ? undefined
        : `set notifications.${channel}.webhook_url`;
    return urlOf(target) === undefined
      ? `${channel} "${oneLine(target, 60)}" has no address: set notifications.${channel}.webhook_urls, or webhook_url for all`
      : undefined;
  };
  return {
    channel,
    describe:
      names.length > 0 || settings.webhook_url
        ? [
            settings.webhook_url ? 'one address for all channels' : '',
            names.length > 0 ? `by name: ${named(names)}` : '',
          ]
            .filter((part) => part !== '')
            .join('; ')
        : 'not set up',
    problem,
    async send({ id, target, message }) {
      const url = urlOf(target);
      if (url === undefined) return { kind: 'failed', error: problem(target) ?? '', isFinal: false };
      const body = JSON.stringify(bodyOf(message, target));
      return post(
        { url, method: 'POST', headers: { 'Content-Type': 'application/json' }, body, id },
        deps,
        judge,
      );
    },
  };
}

/** `&`, `<` and `>` begin Slack's own markup. */
const slackText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const colours = { bad: '#c4314b', warning: '#c19c00', good: '#107c10', info: '#0078d4' } as const;

function slackBody(message: NotificationMessage, target: string): unknown {
  const section = (text: string) => ({
    type: 'section',
    text: { type: 'mrkdwn', text: text.slice(0, 2900) },
  });
  const blocks = [
    section(`*${slackText(message.title)}*\n${slackText(message.text)}`),
    ...(message.error ? [section(`\`\`\`${slackText(message.error).replaceAll('```', "'''")}\`\`\``)] : []),
    ...(message.facts.length > 0
      ? [
          section(
            message.facts.map(([name, value]) => `*${slackText(name)}:* ${slackText(value)}`).join('\n'),
          ),
        ]
      : []),
    ...(message.link ? [section(`<${message.link}|Open in Job Scheduler>`)] : []),
  ];
  return {
    text: slackText(message.title),
    ...(/^[#@]/.test(target) ? { channel: target } : {}),
    attachments: [{ color: colours[message.tone], blocks }],
  };
}

/** Slack says `ok`; its Web API answers 200 with `ok: false`. */
function slackRefusal({ body }: WebReply): string | undefined {
  try {
    const reply: unknown = JSON.parse(body);
    if (typeof reply === 'object' && reply !== null && 'ok' in reply && reply.ok === false)
      return `Slack answered ${oneLine(body)}`;
  } catch {
    // A text: the usual answer.
  }
  return undefined;
}

const teamsColours = { bad: 'attention', warning: 'warning', good: 'good', info: 'accent' } as const;

function teamsBody(message: NotificationMessage): unknown {
  const text = (value: string, more: object = {}) => ({
    type: 'TextBlock',
    text: plain(value),
    wrap: true,
    ...more,
  });
  return {
    type: 'message',
    summary: message.title,
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            text(message.title, { weight: 'bolder', size: 'medium', color: teamsColours[message.tone] }),
            text(message.text),
            ...(message.error ? [text(message.error, { fontType: 'monospace' })] : []),
            {
              type: 'FactSet',
              facts: message.facts.map(([title, value]) => ({ title: plain(title), value: plain(value) })),
            },
          ],
          ...(message.link
            ? { actions: [{ type: 'Action.OpenUrl', title: 'Open in Job Scheduler', url: message.link }] }
            : {}),
        },
      },
    ],
  };
}

/** Text blocks of cards read Markdown: links and emphasis of an error line must stay text. */
const plain = (text: string): string => text.replace(/([\\`*_[\]()#])/g, '\\$1');

/** The old connectors answer 200 and tell the failure in the text. */
function teamsRefusal({ body }: WebReply): string | undefined {
  return /message delivery failed|returned http error/i.test(body)
    ? `Teams answered ${oneLine(body)}`
    : undefined;
}

export function createSlackChannel(settings: HookSettings, deps: WebChannelDeps): NotificationChannel {
  return createHookChannel('slack', settings, deps, slackBody, slackRefusal);
}

export function createTeamsChannel(settings: HookSettings, deps: WebChannelDeps): NotificationChannel {
  return createHookChannel('teams', settings, deps, teamsBody, teamsRefusal);
}

/** Any receiver, by a name of the configuration or by its address. */
export function createWebhookChannel(
  settings: Readonly<Record<string, WebhookSettings>>,
  deps: WebChannelDeps,
): NotificationChannel {
  const names = Object.keys(settings);
  const hookOf = (target: string): WebhookSettings | undefined => {
    if (isWebAddress(target))
      return { url: target, method: 'POST', content_type: 'application/json', headers: {} };
    return Object.hasOwn(settings, target) ? settings[target] : undefined;
  };
  const problem = (target?: string) =>
    target === undefined || hookOf(target)
      ? undefined
      : `webhook "${oneLine(target, 60)}" is not in notifications.webhooks (there: ${named(names)}), and is no web address`;
  return {
    channel: 'webhook',
    describe: names.length > 0 ? `by name: ${named(names)}; or by web address` : 'by web address',
    problem,
    async send({ id, target, message }) {
      const hook = hookOf(target);
      if (!hook) return { kind: 'failed', error: problem(target) ?? '', isFinal: false };
      const isJson = /json/i.test(hook.content_type);
      let body: string;
      try {
        body =
          hook.body === undefined
            ? JSON.stringify({ notification_id: id, ...message, text: messageText(message) })
            : fillTemplate(withSecrets(hook.body, deps.openSecret), id, message, isJson);
      } catch (error) {
        return { kind: 'failed', error: (error as Error).message, isFinal: false };
      }
      const headers = { 'Content-Type': hook.content_type, ...hook.headers };
      return post({ url: hook.url, method: hook.method, headers, body, id }, deps);
    },
  };
}
