import {
  type AlterTableNode,
  type ColumnDefinitionNode,
  type CreateIndexNode,
  type CreateTableNode,
  MssqlQueryCompiler,
  type SchemableIdentifierNode,
} from 'kysely';
import { serverColumn, specifiedTables } from './column-types';

const text = (value: string): string => `N'${value.replaceAll("'", "''")}'`;

function nameOf({ schema, identifier }: SchemableIdentifierNode): string {
  const quoted = `[${identifier.name.replaceAll(']', ']]')}]`;
  return schema ? `[${schema.name}].${quoted}` : quoted;
}

/** The Python program's other name for the same table. */
const plainTable = (name: string): string => (name === 'job_configurations_V2' ? 'job_configurations' : name);

/**
 * Kysely's T-SQL, with the types of SQL Server in place of the migrations', and every change of the schema guarded:
 * what is there already is left as it is, so a script may be run twice and by hand.
 */
export class SchemaCompiler extends MssqlQueryCompiler {
  #table = '';

  protected override visitCreateTable(node: CreateTableNode): void {
    const full = nameOf(node.table.table);
    const table = node.table.table.identifier.name;
    this.#table = plainTable(table);
    this.append(`IF OBJECT_ID(${text(full)}, N'U') IS NULL\nCREATE TABLE ${full} (\n  `);
    node.columns.forEach((column, index) => {
      if (index > 0) this.append(',\n  ');
      this.visitNode(column);
    });
    for (const constraint of node.constraints ?? []) {
      this.append(',\n  ');
      this.visitNode(constraint);
    }
    this.append('\n)');
    if (specifiedTables.has(this.#table)) this.#addMissing(full, node.columns);
    else this.#refuseStranger(full, table, node.columns);
  }

  /** A table made by hand or by the Python program: only added to, and only what may be null. */
  #addMissing(full: string, columns: readonly ColumnDefinitionNode[]): void {
    const optional = columns.filter((column) => !column.primaryKey && !column.notNull);
    if (optional.length === 0) return;
    this.append('\nELSE\nBEGIN');
    for (const column of optional) {
      this.append('\n  ');
      this.#addColumn(full, column, '');
    }
    this.append('\nEND');
  }

  /** A table of this name that is not ours must not be written to. */
  #refuseStranger(full: string, table: string, columns: readonly ColumnDefinitionNode[]): void {
    const key = columns.find((column) => column.primaryKey)?.column.column.name;
    if (key === undefined) return;
    const message = `The table ${table} of this database belongs to another program; Job Scheduler needs a database without one`;
    this.append(
      `\nELSE IF COL_LENGTH(${text(full)}, ${text(key)}) IS NULL\n  RAISERROR(${text(message)}, 16, 1)`,
    );
  }

  #addColumn(full: string, column: ColumnDefinitionNode, tail: string): void {
    const { name } = column.column.column;
    this.append(`IF COL_LENGTH(${text(full)}, ${text(name)}) IS NULL ALTER TABLE ${full} ADD [${name}] `);
    this.append(`${this.#typeOf(column).type} NULL${tail}`);
  }

  #typeOf(column: ColumnDefinitionNode) {
    const { dataType = 'text' } = column.dataType as { readonly dataType?: string };
    return serverColumn(this.#table, column.column.column.name, dataType, column.autoIncrement === true);
  }

  protected override visitColumnDefinition(node: ColumnDefinitionNode): void {
    const { type, preset } = this.#typeOf(node);
    this.append(`[${node.column.column.name}] ${type}`);
    if (node.autoIncrement) this.append(' IDENTITY(1,1)');
    this.append(node.notNull || node.primaryKey ? ' NOT NULL' : ' NULL');
    if (node.primaryKey) this.append(' PRIMARY KEY');
    if (node.unique) this.append(' UNIQUE');
    if (preset !== undefined) this.append(` DEFAULT ${preset}`);
    else if (node.defaultTo) {
      this.append(' ');
      this.visitNode(node.defaultTo);
    }
  }

  protected override visitAlterTable(node: AlterTableNode): void {
    const added = node.columnAlterations ?? [];
    if (added.length === 0 || added.some((one) => one.kind !== 'AddColumnNode')) {
      super.visitAlterTable(node);
      return;
    }
    this.#table = plainTable(node.table.table.identifier.name);
    added.forEach((one, index) => {
      if (one.kind !== 'AddColumnNode') return;
      if (index > 0) this.append('\n');
      this.#addColumn(nameOf(node.table.table), one.column, ';');
    });
  }

  protected override visitCreateIndex(node: CreateIndexNode): void {
    const table = node.table ? nameOf(node.table.table) : '';
    const names = (node.columns ?? []).flatMap((column) => {
      const inner = column.kind === 'OrderByItemNode' ? (column as { orderBy?: unknown }).orderBy : column;
      const found = inner as { column?: { column?: { name?: string }; name?: string } };
      const name = found.column?.column?.name ?? found.column?.name;
      return name === undefined ? [] : [text(name)];
    });
    // Servers that speak the protocol may keep a name with a digest behind it. An index made by hand counts too.
    const kept = `name = ${text(node.name.name)} OR name LIKE ${text(`${node.name.name}%`)} + REPLICATE(N'[0-9a-f]', 32)`;
    this.append(
      `IF NOT EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID(${text(table)}) AND (${kept}))`,
    );
    // A column of unlimited length can't stand in an index: a table made by hand may have one.
    if (names.length > 0)
      this.append(
        `\nAND NOT EXISTS (SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID(${text(table)}) AND name IN (${names.join(', ')}) AND max_length = -1)`,
      );
    this.append('\n');
    super.visitCreateIndex({ ...node, ifNotExists: false });
  }
}
