import { exitCode } from './exit-codes';
import type { Registrar } from './session';
import { durationText } from './words';

/** `connections list, test`. */
export function addConnectionCommands({ program, run: action }: Registrar): void {
  const connections = program.command('connections').description('database connections');
  connections
    .command('list')
    .description('connections; passwords are never shown')
    .action(
      action(async (session) => {
        const body = await session.api.connections.list({});
        session.answer(body, ({ connections: all }) => {
          if (all.length === 0) session.note('No connections.');
          else
            session.table(
              [
                { title: 'CONNECTION', text: (one) => one.connection_id, paint: session.paint.strong },
                { title: 'NAME', text: (one) => one.name, canShrink: true },
                { title: 'SERVER', text: (one) => one.server_name || '-' },
                { title: 'DATABASE', text: (one) => one.database_name, canShrink: true },
                {
                  title: 'LAST TEST',
                  text: ({ last_test }) => (last_test ? (last_test.success ? 'ok' : 'failed') : '-'),
                  paint: session.paint.status,
                },
                { title: 'USED BY', text: (one) => String(one.used_by.length), isRight: true },
              ],
              all,
            );
        });
        return undefined;
      }),
    );
  connections
    .command('test')
    .argument('<connection...>', 'ids of connections')
    .description('connect, and ask for the version')
    .action(
      action(async (session, ids: readonly string[]) => {
        const results = [];
        for (const connection_id of ids) {
          const tested = await session.api.connections.test({ params: { connection_id } });
          results.push({ connection_id, ...tested });
          if (session.isJson) continue;
          const word = tested.success ? session.paint.good('ok') : session.paint.bad('failed');
          const took =
            tested.duration_seconds === undefined ? '' : ` (${durationText(tested.duration_seconds)})`;
          session.print(`${connection_id}: ${word}${took}: ${tested.version ?? tested.message}`);
        }
        const isWell = results.every((one) => one.success);
        if (session.isJson) session.print(JSON.stringify({ success: isWell, results }, null, 2));
        return isWell ? exitCode.ok : exitCode.failed;
      }),
    );
}
