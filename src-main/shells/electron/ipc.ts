import type { IpcMain, IpcMainInvokeEvent, WebFrameMain } from 'electron';
import { contract } from '../../../src-shared/contract/index';
import { operations } from '../../../src-shared/contract/operation';
import { apiChannel, type IpcReply } from '../../../src-shared/desktop-bridge';
import { desktopContract } from '../../../src-shared/desktop-contract';
import { AppError } from '../../../src-shared/errors';
import { EventSubscription } from '../../../src-shared/event-subscription';
import type { ApiContext, Invoke, InvokeReply } from '../../api/invoke';
import type { Logger } from '../../core/ports/logger';
import type { EventFeed } from './event-feed';
import { plainInput } from './plain-input';
import { isOwnAddress } from './scheme';

const defaultBodyLimit = 1024 * 1024;
/** A file larger than this is downloaded, not called for. */
const largestText = 64 * 1024 * 1024;

/** Only the top frame of one of the window's own pages is listened to (negative test S70). */
export function isTrustedSender(event: {
  readonly senderFrame: WebFrameMain | null;
  readonly sender: { readonly mainFrame: WebFrameMain };
}): boolean {
  const { senderFrame } = event;
  if (!senderFrame || senderFrame.parent !== null) return false;
  // By number, and not by `detached`: both say the wrong thing of a frame that was loaded anew after a crash.
  const isTop = senderFrame.frameTreeNodeId === event.sender.mainFrame.frameTreeNodeId;
  return isTop && isOwnAddress(senderFrame.url);
}

const refusal = (error: AppError): IpcReply => ({ status: error.status, body: error.toBody() });

async function textOf(body: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<string> {
  if (typeof body === 'string') return body;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body instanceof Uint8Array ? [body] : body) {
    size += chunk.length;
    if (size > largestText)
      throw new AppError('payload_too_large', `The file holds more than ${largestText} bytes; download it`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function toReply(answer: InvokeReply): Promise<IpcReply> {
  if (answer.kind === 'json') return { status: answer.status, body: answer.body };
  const { contentType, headers = {}, body } = answer.reply;
  return { status: answer.status, raw: { contentType, headers, body: await textOf(body) } };
}

/**
 * One channel for each operation of the contract, all through the one door. Answers are data, refusals too; a call
 * from anywhere but a page of the window is refused before anything of it is read.
 */
export function registerIpc(deps: {
  readonly ipcMain: IpcMain;
  readonly invoke: Invoke;
  readonly caller: ApiContext;
  /** Live events, as soon as there are any. */
  readonly feed: Promise<EventFeed>;
  readonly logger: Logger;
}): void {
  const { ipcMain, logger } = deps;

  const guarded =
    (id: string, work: (event: IpcMainInvokeEvent, raw: unknown) => Promise<IpcReply>) =>
    async (event: IpcMainInvokeEvent, raw: unknown): Promise<IpcReply> => {
      try {
        if (!isTrustedSender(event)) {
          logger.warning('refused a call that does not come from the window', {
            operation: id,
            from: event.senderFrame?.url ?? 'a frame that is gone',
          });
          throw new AppError('forbidden', 'Only the window of the program may call this');
        }
        return await work(event, raw);
      } catch (error) {
        if (error instanceof AppError) return refusal(error);
        logger.error(`call of ${id} failed unexpectedly`, {
          stack: error instanceof Error ? error.stack : String(error),
        });
        return refusal(
          new AppError('internal', 'Something went wrong inside the program; its log says what'),
        );
      }
    };

  for (const { id, operation } of [...operations(contract), ...operations(desktopContract)]) {
    if (operation.kind === 'events') continue;
    const limit = operation.bodyLimit ?? defaultBodyLimit;
    ipcMain.handle(
      apiChannel(id),
      guarded(id, async (_event, raw) => toReply(await deps.invoke(id, plainInput(raw, limit), deps.caller))),
    );
  }

  ipcMain.handle(
    apiChannel('system.events'),
    guarded('system.events', async ({ sender }, raw) => {
      const wanted = EventSubscription.safeParse(raw);
      if (!wanted.success)
        throw new AppError(
          'validation_failed',
          `events: ${wanted.error.issues[0]?.message ?? 'not understood'}`,
        );
      (await deps.feed).subscribe(sender, wanted.data);
      return { status: 200, body: { success: true } };
    }),
  );
  ipcMain.on('events:taken', (event, number: unknown) => {
    if (!isTrustedSender(event) || typeof number !== 'number') return;
    void deps.feed.then((feed) => feed.taken(event.sender, number));
  });
}
