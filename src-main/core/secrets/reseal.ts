import { AppError } from '../../../src-shared/errors';
import type { SecretBox } from '../ports/secret-box';
import type { ConnectionRepository, SecretRepository } from '../ports/store';

/**
 * Seals everything that is stored sealed anew: the box has another key now, and still opens what the old one made.
 * The number of values. Throws `conflict` naming the first that can't be opened; nothing is written then.
 */
export async function resealAll(deps: {
  readonly secrets: SecretRepository;
  readonly connections: ConnectionRepository;
  readonly box: SecretBox;
}): Promise<number> {
  const again = (what: string, sealed: string): string => {
    try {
      return deps.box.seal(deps.box.open(sealed));
    } catch (error) {
      throw new AppError('conflict', `${what} can't be opened; enter it again, or remove it, first`, {
        cause: error,
      });
    }
  };
  const secrets = (await deps.secrets.list()).map((record) => ({
    ...record,
    value: again(`The secret "${record.name}"`, record.value),
  }));
  const connections = (await deps.connections.list()).flatMap((record) =>
    record.password === null
      ? []
      : [
          {
            ...record,
            password: again(`The password of connection "${record.connection_id}"`, record.password),
          },
        ],
  );
  for (const record of secrets) await deps.secrets.put(record);
  for (const record of connections) await deps.connections.update(record);
  return secrets.length + connections.length;
}
