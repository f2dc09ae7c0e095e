import type { Finding } from '../../../src-shared/model/doctor';
import type { Certificate, CertificateLook } from '../ports/certificate';

const dayMs = 86_400_000;
const warnedMs = 30 * dayMs;

/** What is to be said of a certificate that has ended or ends within 30 days. `what` names the server. */
export function certificateFindings(
  what: string,
  { expires_at, subject }: Certificate,
  now: number,
): Finding[] {
  if (expires_at > now + warnedMs) return [];
  const days = Math.ceil((expires_at - now) / dayMs);
  const date = new Date(expires_at).toISOString().slice(0, 10);
  const when =
    expires_at <= now
      ? `has expired on ${date}`
      : `expires in ${days} ${days === 1 ? 'day' : 'days'}, on ${date}`;
  return [
    {
      kind: 'certificate',
      severity: expires_at <= now ? 'error' : 'warning',
      message: `The certificate of ${what} (${subject}) ${when}`,
      fix: 'have it renewed on that server; from that day on nothing connects that checks it',
    },
  ];
}

/** Of the places that messages are sent to: certificates that end, and whoever does not answer. */
export function channelFindings(looks: readonly CertificateLook[], now: number): Finding[] {
  return looks.flatMap(({ what, certificate, problem }): Finding[] => {
    if (certificate) return certificateFindings(what, certificate, now);
    if (problem === undefined) return [];
    return [
      {
        kind: 'channel',
        severity: 'warning',
        message: `${what.replace(/^t/, 'T')} can't be reached: ${problem}`,
        fix: 'see whether it is up, and whether its address is right: messages wait until then',
      },
    ];
  });
}

/** A password of a login that ends within 14 days. */
export function passwordFindings(what: string, daysLeft: number | undefined): Finding[] {
  if (daysLeft === undefined || daysLeft > 14) return [];
  const when = daysLeft <= 0 ? 'expires today' : `expires in ${daysLeft} ${daysLeft === 1 ? 'day' : 'days'}`;
  return [
    {
      kind: 'connection',
      severity: 'warning',
      message: `The password of ${what} ${when}`,
      fix: 'change it on the server, and in the connection',
    },
  ];
}
