import type { Command } from 'commander';
import { createClient } from '../../../src-shared/client';
import { contract } from '../../../src-shared/contract/index';
import { createHttpTransport } from './http-transport';
import type { Api, GlobalOptions } from './session';
import { findTarget } from './target';
import type { Terminal } from './terminal';

/** Somebody waits at a prompt: what does not come at once is not worth having. */
const longestMs = 1500;
const most = 1000;

const kinds: Readonly<Record<string, (api: Api, beginning: string) => Promise<readonly string[]>>> = {
  async jobs(api, beginning) {
    const search = beginning === '' ? {} : { search: beginning };
    const { jobs } = await api.jobs.list({ query: { ...search, limit: most, sort: 'job_id' } });
    return jobs.map(({ job_id }) => job_id);
  },
  async executions(api) {
    const { executions } = await api.executions.list({ query: { limit: 50 } });
    return executions.map(({ execution_id }) => execution_id);
  },
  async connections(api) {
    return (await api.connections.list({})).connections.map(({ connection_id }) => connection_id);
  },
};

/**
 * `known-names jobs|executions|connections BEGINNING`: what completion offers, one a line. Hidden, and silent whatever is
 * the matter: a message would stand in the middle of what somebody types.
 */
export function addKnownNamesCommand(program: Command, terminal: Terminal): void {
  program
    .command('known-names', { hidden: true })
    .argument('<kind>')
    .argument('[beginning]', '', '')
    .action(async (kind: string, beginning: string, _options: unknown, command: Command) => {
      const read = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
      try {
        const target = findTarget(command.optsWithGlobals<GlobalOptions>(), terminal);
        const transport = createHttpTransport(target, AbortSignal.timeout(longestMs));
        const names = (await read?.(createClient(contract, transport), beginning)) ?? [];
        const found = names.filter((name) => name.startsWith(beginning));
        terminal.out(found.map((name) => `${name}\n`).join(''));
      } catch {
        // Nothing to offer.
      }
    });
}
