import type { Request, Transaction } from 'mssql';
import type { ServerPool } from '../sqlserver/connect';
import type { Row } from './local-rows';
import { bindValue, bracketed, mostParameters, type ServerTable } from './server-tables';
import { lookedAt, type RowState, sortStates, type TableWork } from './table-work';

/** Cuts work so that no request has too many parameters. */
function pieces<T>(items: readonly T[], parametersEach: number, most = 1000): T[][] {
  const size = Math.max(1, Math.min(most, Math.floor(mostParameters / Math.max(1, parametersEach))));
  const found: T[][] = [];
  for (let at = 0; at < items.length; at += size) found.push(items.slice(at, at + size));
  return found;
}

/** The rows of one table brought to the server, within a transaction: what is new, what changed, what is gone. */
async function sendTable(
  transaction: Transaction,
  { sql }: ServerPool['driver'],
  table: ServerTable,
  states: readonly RowState[],
): Promise<void> {
  const { full, types, local } = table;
  const binder = () => {
    const request: Request = new sql.Request(transaction);
    let count = 0;
    const bind = (column: string, value: unknown) => {
      const name = `p${count}`;
      count += 1;
      bindValue(request, sql, name, types.get(column) ?? 'nvarchar', value);
      return `@${name}`;
    };
    return { request, bind };
  };
  const sameKey = (bind: (column: string, value: unknown) => string, key: readonly unknown[]) =>
    local.key.map((column, index) => `${bracketed(column)} = ${bind(column, key[index])}`).join(' AND ');

  const found: Row[] = [];
  for (const part of pieces(states, local.key.length, 500)) {
    const { request, bind } = binder();
    const where =
      local.key.length === 1
        ? `${bracketed(local.key[0] ?? '')} IN (${part.map(({ key }) => bind(local.key[0] ?? '', key[0])).join(', ')})`
        : part.map(({ key }) => `(${sameKey(bind, key)})`).join(' OR ');
    const { recordset } = await request.query<Row>(
      `SELECT ${lookedAt(table).map(bracketed).join(', ')} FROM ${full} WHERE ${where}`,
    );
    found.push(...(recordset ?? []));
  }
  const { gone, known, fresh } = sortStates(table, states, found);

  for (const part of pieces(gone, local.key.length)) {
    const { request, bind } = binder();
    const where = part.map(({ key }) => `(${sameKey(bind, key)})`).join(' OR ');
    await request.query(`DELETE FROM ${full} WHERE ${where}`);
  }

  const columns = [...types.keys()];
  const changes = columns.filter((column) => !local.key.includes(column));
  if (changes.length > 0)
    for (const part of pieces(known, columns.length + 6)) {
      const { request, bind } = binder();
      const updates = part.map(({ key, row }) => {
        const set = changes.map((column) => {
          const value = bind(column, row?.[column]);
          const kept = table.keeps?.(column, value, (other) => bind(other, row?.[other]));
          return `${bracketed(column)} = ${kept ?? value}`;
        });
        if (table.stamp !== undefined) set.push(`${bracketed(table.stamp)} = GETUTCDATE()`);
        const mine = table.isOurs?.((column) => bind(column, row?.[column]));
        const where = mine === undefined ? '' : ` AND ${mine}`;
        return `UPDATE ${full} SET ${set.join(', ')} WHERE ${sameKey(bind, key)}${where}`;
      });
      await request.query(updates.join(';\n'));
    }

  const stamped = table.stamp === undefined ? [] : ['GETUTCDATE()'];
  for (const part of pieces(fresh, columns.length)) {
    const { request, bind } = binder();
    const rows = part.map(
      ({ row }) => `(${[...columns.map((column) => bind(column, row?.[column])), ...stamped].join(', ')})`,
    );
    const named = [...columns, ...(table.stamp === undefined ? [] : [table.stamp])];
    const insert = `INSERT INTO ${full} (${named.map(bracketed).join(', ')}) VALUES ${rows.join(',\n')}`;
    await request.query(
      table.isIdentity
        ? `SET IDENTITY_INSERT ${full} ON;\n${insert};\nSET IDENTITY_INSERT ${full} OFF`
        : insert,
    );
  }
}

/** Brings rows there value by value, in a transaction of several round trips: for servers and values without JSON. */
export async function sendAsParameters(
  { driver, pool }: ServerPool,
  work: readonly TableWork[],
): Promise<void> {
  const transaction = new driver.sql.Transaction(pool);
  transaction.on('rollback', () => undefined);
  await transaction.begin();
  try {
    for (const { table, states } of work) await sendTable(transaction, driver, table, states);
    await transaction.commit();
  } catch (error) {
    // The switch belongs to the connection, which goes back into the pool.
    for (const { table } of work)
      if (table.isIdentity)
        await new driver.sql.Request(transaction)
          .query(`SET IDENTITY_INSERT ${table.full} OFF`)
          .catch(() => undefined);
    await transaction.rollback().catch(() => undefined);
    throw error;
  }
}
