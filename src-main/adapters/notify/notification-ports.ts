import { readWebTarget } from '../../../src-shared/notify/address-rules';
import type { NotificationPorts } from '../../core/ports/notifier';
import type { Redactor } from '../../core/secrets/redactor';
import type { NotificationSettings } from '../settings/notification-settings';
import { channelCertificates } from './channel-certificates';
import { createEmailChannel } from './email-channel';
import { createDesktopChannel, createEventLogChannel, type ShowToast } from './local-channels';
import { type OpenSecret, withSecrets } from './secret-text';
import { createSlackChannel, createTeamsChannel, createWebhookChannel } from './web-channels';
import { deliveryOf, type WebRules, webRequest } from './web-request';

/** Every channel of the configuration. */
export function createNotificationPorts(
  settings: NotificationSettings,
  deps: {
    readonly openSecret: OpenSecret;
    readonly redactor: Redactor;
    readonly showToast: ShowToast;
    readonly addresses: () => readonly string[];
    readonly platform: string;
    readonly resolve?: WebRules['resolve'];
  },
): NotificationPorts {
  const timeoutMs = settings.timeout * 1000;
  const rules: WebRules = {
    allowedHosts: settings.allowed_hosts,
    timeoutMs,
    ...(deps.resolve ? { resolve: deps.resolve } : {}),
  };
  const web = { rules, openSecret: deps.openSecret };
  deps.redactor.learn('notifications', secretsIn(settings));
  const { url } = settings.heartbeat;
  return {
    channels: [
      createEmailChannel(settings.smtp, { timeoutMs, openSecret: deps.openSecret }),
      createSlackChannel(settings.slack, web),
      createTeamsChannel(settings.teams, web),
      createWebhookChannel(settings.webhooks, web),
      createDesktopChannel(deps.showToast),
      createEventLogChannel(deps.platform, timeoutMs),
    ],
    defaults: settings.defaults,
    by_tag: settings.by_tag,
    allowedHosts: settings.allowed_hosts,
    giveUpAfterSeconds: settings.give_up_after,
    linkBase: () => (settings.link_base ?? deps.addresses()[0])?.replace(/\/+$/, ''),
    certificates: (jobUrls) => channelCertificates(settings, jobUrls, web),
    ...(url === undefined
      ? {}
      : {
          heartbeat: {
            everySeconds: settings.heartbeat.every,
            describe: hostOf(url, settings.allowed_hosts),
            async beat() {
              try {
                const address = withSecrets(url, deps.openSecret);
                const delivery = deliveryOf(
                  await webRequest({ url: address, method: 'GET', headers: {} }, rules),
                );
                return delivery.kind === 'sent' ? undefined : delivery.error;
              } catch (error) {
                return (error as Error).message;
              }
            },
          },
        }),
  };
}

function hostOf(url: string, allowed: readonly string[]): string {
  const target = readWebTarget(url, allowed);
  return typeof target === 'string' ? 'the configured address' : target.host;
}

const secretHeader = /auth|token|key|secret|cookie|pass/i;

/** Texts of the configuration that nobody is to read in a log or an outbox: passwords, and addresses that are keys. */
function secretsIn(settings: NotificationSettings): string[] {
  const addresses = [
    settings.slack.webhook_url,
    ...Object.values(settings.slack.webhook_urls),
    settings.teams.webhook_url,
    ...Object.values(settings.teams.webhook_urls),
    ...Object.values(settings.webhooks).map(({ url }) => url),
  ];
  const tokens = Object.values(settings.webhooks).flatMap(({ headers }) =>
    Object.entries(headers).flatMap(([name, value]) => (secretHeader.test(name) ? [value] : [])),
  );
  return [settings.smtp.password, ...addresses, ...tokens].flatMap((text) =>
    text === undefined || /\{\{\s*secrets\./.test(text) ? [] : [text],
  );
}
