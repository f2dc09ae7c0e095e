import { emailProblem } from '../../../src-shared/notify/address-rules';
import { messageText, oneLine } from '../../core/notifications/message';
import type { Delivery, NotificationChannel, Outgoing } from '../../core/ports/notifier';
import { type OpenSecret, withSecrets } from './secret-text';

export interface SmtpSettings {
  readonly host?: string | undefined;
  readonly port: number;
  readonly secure: boolean;
  readonly require_tls: boolean;
  readonly verify_certificate: boolean;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly from?: string | undefined;
}

interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly rejectedErrors?: readonly Error[];
}

/** A mail takes several exchanges, each of which may take this long. */
const exchanges = 3;

/** 5xx is the server's last word, but for a login: that an admin mends, and the message is still wanted. */
function failureOf(error: SmtpError): Delivery {
  const isFinal =
    error.code !== 'EAUTH' &&
    error.responseCode !== undefined &&
    error.responseCode >= 500 &&
    error.responseCode < 600;
  return { kind: 'failed', error: `the mail server: ${oneLine(error.message, 300)}`, isFinal };
}

/** Mail through one SMTP server. */
export function createEmailChannel(
  smtp: SmtpSettings,
  deps: { readonly timeoutMs: number; readonly openSecret: OpenSecret },
): NotificationChannel {
  const problem = () => {
    if (!smtp.host) return 'there is no mail server yet: set notifications.smtp.host';
    if (!smtp.from) return 'there is no sender yet: set notifications.smtp.from';
    return undefined;
  };

  const send = async ({ id, target, message }: Outgoing): Promise<Delivery> => {
    const missing = problem();
    if (missing) return { kind: 'failed', error: missing, isFinal: false };
    const to = target.split(', ');
    for (const address of to) {
      const bad = emailProblem(address);
      if (bad) return { kind: 'failed', error: `"${oneLine(address)}" ${bad}`, isFinal: true };
    }
    const from = smtp.from ?? '';
    const domain = /@([^>\s]+)/.exec(from)?.[1] ?? 'job-scheduler';
    const { timeoutMs } = deps;
    // Loaded by the first message: it is a fifth of what the program is made of.
    const { createTransport } = await import('nodemailer');
    const transport = createTransport({
      host: smtp.host ?? '',
      port: smtp.port,
      secure: smtp.secure,
      requireTLS: smtp.require_tls,
      tls: { rejectUnauthorized: smtp.verify_certificate },
      ...(smtp.username === undefined
        ? {}
        : { auth: { user: smtp.username, pass: withSecrets(smtp.password ?? '', deps.openSecret) } }),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
      // What stands in a message is text, never a file or an address to fetch from.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      const mail = transport.sendMail({
        from,
        to,
        subject: oneLine(message.title),
        text: messageText(message),
        messageId: `<${id}@${domain}>`,
        headers: {
          'Auto-Submitted': 'auto-generated',
          'X-Job-Scheduler-Event': message.kind,
          ...(message.job_id === null ? {} : { 'X-Job-Scheduler-Job': oneLine(message.job_id, 60) }),
        },
        ...(message.tone === 'bad' ? { priority: 'high' as const } : {}),
      });
      mail.catch(() => undefined);
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('no answer in time')), timeoutMs * exchanges);
      });
      const info = await Promise.race([mail, late]);
      const refused = info.rejected.map(String);
      return refused.length === 0
        ? { kind: 'sent' }
        : { kind: 'sent', note: `the mail server refused ${refused.join(', ')}; the others were accepted` };
    } catch (error) {
      return failureOf(error as SmtpError);
    } finally {
      clearTimeout(timer);
      transport.close();
    }
  };

  return {
    channel: 'email',
    describe: smtp.host ? `${smtp.host}:${smtp.port}, from ${smtp.from ?? 'nobody'}` : 'not set up',
    problem,
    send: (outgoing) => send(outgoing).catch((error: Error) => failureOf(error)),
  };
}
