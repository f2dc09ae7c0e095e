import { readWebTarget } from '../../../src-shared/notify/address-rules';
import type { CertificateLook } from '../../core/ports/certificate';
import type { NotificationSettings } from '../settings/notification-settings';
import { readCertificate, type TlsPeer } from '../tls/read-certificate';
import { type OpenSecret, withSecrets } from './secret-text';
import { checkedAddress, type WebRules } from './web-request';

const mostLooked = 50;

/** What is to be looked at: its name for people, and where it is. */
interface Place {
  readonly what: string;
  find(): Promise<TlsPeer | undefined>;
}

function mailPlace({ smtp }: NotificationSettings): Place[] {
  const { host, port, secure, verify_certificate } = smtp;
  // Where it is not checked, its end changes nothing.
  if (host === undefined || !verify_certificate) return [];
  return [
    {
      what: `the mail server ${host}:${port}`,
      find: async () => ({ host, port, beginning: secure ? 'at once' : 'mail' }),
    },
  ];
}

function webPlaces(urls: readonly string[], rules: WebRules, openSecret: OpenSecret): Place[] {
  const places = new Map<string, Place>();
  for (const written of urls) {
    let url: string;
    try {
      url = withSecrets(written, openSecret);
    } catch {
      // A secret that is missing is told by the channel itself.
      continue;
    }
    const target = readWebTarget(url, rules.allowedHosts);
    if (typeof target === 'string' || !target.isSecure) continue;
    const what = `the receiver ${target.host}:${target.port}`;
    places.set(what, {
      what,
      async find() {
        const found = await checkedAddress(target, rules);
        if ('kind' in found) throw new Error(found.error);
        return { host: target.host, port: target.port, address: found.address, beginning: 'at once' };
      },
    });
  }
  return [...places.values()];
}

/**
 * The certificates of the mail server and of every receiver of the configuration, and of the web addresses that jobs
 * name. The same rules hold as for sending: private addresses are only reached where the configuration allows it.
 */
export async function channelCertificates(
  settings: NotificationSettings,
  jobUrls: readonly string[],
  deps: { readonly rules: WebRules; readonly openSecret: OpenSecret },
): Promise<CertificateLook[]> {
  const { slack, teams, webhooks, heartbeat } = settings;
  const urls = [
    ...[slack, teams].flatMap((hook) => [hook.webhook_url, ...Object.values(hook.webhook_urls)]),
    ...Object.values(webhooks).map(({ url }) => url),
    heartbeat.url,
    ...jobUrls,
  ].filter((url) => url !== undefined);
  const places = [...mailPlace(settings), ...webPlaces(urls, deps.rules, deps.openSecret)];
  return Promise.all(
    places.slice(0, mostLooked).map(async ({ what, find }) => {
      try {
        const peer = await find();
        const certificate = peer && (await readCertificate(peer, AbortSignal.timeout(deps.rules.timeoutMs)));
        return certificate ? { what, certificate } : { what };
      } catch (error) {
        return { what, problem: (error as Error).message };
      }
    }),
  );
}
