import { z } from 'zod';
import { NotificationDefaults } from '../../../src-shared/model/notification';
import { emailProblem, readWebTarget } from '../../../src-shared/notify/address-rules';

const Secretly = z.string().min(1).max(4000);
const isMacro = (text: string) => /^\{\{\s*secrets\.[A-Za-z0-9_.-]+\s*\}\}$/.test(text);

/** A web address, or the secret that holds it. Whether its host may be sent to is checked with `allowed_hosts`. */
const WebAddress = Secretly.refine(
  (text) => isMacro(text) || /^https?:\/\//i.test(text),
  "expected a web address (https://...) or a secret by its name ('{{ secrets.NAME }}')",
);

const Hook = z.strictObject({
  webhook_url: WebAddress.optional().describe('where messages go whose channel has no address of its own'),
  webhook_urls: z.record(z.string(), WebAddress).default({}).describe('web address by the name jobs use'),
});

const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
const Webhook = z.strictObject({
  url: WebAddress,
  method: z.enum(['POST', 'PUT']).default('POST'),
  content_type: z.string().max(100).default('application/json'),
  headers: z
    .record(
      z.string().regex(headerName, 'is not the name of a header'),
      // biome-ignore lint/suspicious/noControlCharactersInRegex: a line break would begin another header
      z.string().regex(/^[^\u0000-\u0008\u000a-\u001f\u007f]*$/, 'holds a line break or control character'),
    )
    .default({}),
  body: z
    .string()
    .max(20_000)
    .optional()
    .describe('template with {{title}}, {{text}}, {{job_id}} and the like; without it JSON of everything'),
});

const address = z.string().refine((text) => {
  const named = /^[^<>"\r\n]{0,100}<([^<>]+)>$/.exec(text);
  return emailProblem(named?.[1] ?? text) === undefined;
}, 'expected an address such as scheduler@company.com or "Job Scheduler <scheduler@company.com>"');

/** `notifications:` of the configuration: channels, who is told by default, and what may be reached. */
export const NotificationSettings = z
  .strictObject({
    smtp: z
      .strictObject({
        host: z.string().min(1).optional(),
        port: z.number().int().min(1).max(65_535).default(587),
        secure: z
          .boolean()
          .default(false)
          .describe('TLS from the first byte (port 465); else STARTTLS when offered'),
        require_tls: z.boolean().default(false).describe('never without TLS'),
        verify_certificate: z.boolean().default(true),
        username: z.string().optional(),
        password: z.string().optional(),
        from: address.optional(),
      })
      .prefault({}),
    slack: Hook.prefault({}),
    teams: Hook.prefault({}),
    webhooks: z.record(z.string(), Webhook).default({}),
    defaults: NotificationDefaults.default({}).describe('who is told of jobs that do not say'),
    by_tag: z.record(z.string(), NotificationDefaults).default({}),
    allowed_hosts: z
      .array(z.string().regex(/^[^\s/@]+$/, 'expected a host, or host:port'))
      .max(200)
      .default([])
      .describe('hosts of the own network that may be sent to'),
    link_base: z
      .string()
      .regex(/^https?:\/\/[^\s]+$/, 'expected a web address such as https://scheduler.company.com')
      .optional()
      .describe('where the links of messages lead; the address of this server when left out'),
    give_up_after: z
      .number()
      .min(60)
      .max(2_592_000)
      .default(86_400)
      .describe('seconds a message is tried again'),
    timeout: z.number().min(0.1).max(120).default(10).describe('seconds a receiver may take'),
    heartbeat: z
      .strictObject({
        url: WebAddress.optional(),
        every: z.number().min(5).max(86_400).default(60).describe('seconds'),
      })
      .prefault({}),
  })
  .superRefine((value, context) => {
    const check = (path: readonly (string | number)[], url: string | undefined) => {
      if (url === undefined || !/^https?:/i.test(url)) return;
      const read = readWebTarget(url, value.allowed_hosts);
      if (typeof read === 'string') context.addIssue({ code: 'custom', path: [...path], message: read });
    };
    for (const channel of ['slack', 'teams'] as const) {
      check([channel, 'webhook_url'], value[channel].webhook_url);
      for (const [name, url] of Object.entries(value[channel].webhook_urls))
        check([channel, 'webhook_urls', name], url);
    }
    for (const [name, { url }] of Object.entries(value.webhooks)) check(['webhooks', name, 'url'], url);
    check(['heartbeat', 'url'], value.heartbeat.url);
  });
export type NotificationSettings = z.infer<typeof NotificationSettings>;
