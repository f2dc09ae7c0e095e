import {
  type BinaryOperationNode,
  type ColumnUpdateNode,
  type IdentifierNode,
  type InsertQueryNode,
  type KyselyPlugin,
  type OperationNode,
  OperationNodeTransformer,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type PrimitiveValueListNode,
  type ValueListNode,
  type ValueNode,
} from 'kysely';
import { isInstantColumn } from './column-types';

const zoned = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})Z$/;

/** `2026-11-24T08:00:00.000Z` without its Z: the form DATETIME takes in every language and date format. */
export function withoutZone(value: unknown): unknown {
  return typeof value === 'string' ? (zoned.exec(value)?.[1] ?? value) : value;
}

/**
 * An instant that a column is compared with, in the column's own type: compared with text, other servers than SQL
 * Server convert every row, and use no index.
 */
export class ComparedInstant {
  readonly type: 'datetime' | 'datetime2';
  /** Without its zone. */
  readonly text: string;
  constructor(type: 'datetime' | 'datetime2', text: string) {
    this.type = type;
    this.text = text;
  }
  get date(): Date {
    return new Date(`${this.text}Z`);
  }
}

/** Columns that the history is looked through by; all others are compared with text. */
const comparedTypes: Readonly<Record<string, ComparedInstant['type']>> = {
  start_time: 'datetime',
  end_time: 'datetime',
  scheduled_time: 'datetime2',
  scheduled_until: 'datetime2',
};

function nameOf(node: OperationNode | undefined): string | undefined {
  const found = node as { kind?: string; column?: OperationNode; name?: string } | undefined;
  if (!found) return undefined;
  return found.kind === 'IdentifierNode' ? found.name : nameOf(found.column);
}

const isValue = (node: OperationNode): node is ValueNode => node.kind === 'ValueNode';
const stripped = <T extends OperationNode>(node: T): T =>
  isValue(node) ? { ...node, value: withoutZone(node.value) } : node;

function compared(name: string, node: OperationNode): OperationNode {
  const plain = stripped(node);
  const type = comparedTypes[name];
  if (!type || !isValue(plain) || !isValue(node) || plain.value === node.value) return plain;
  return { ...plain, value: new ComparedInstant(type, String(plain.value)) } as OperationNode;
}

class StoredForm extends OperationNodeTransformer {
  readonly #configurations: string;
  constructor(configurations: string) {
    super();
    this.#configurations = configurations;
  }

  protected override transformIdentifier(node: IdentifierNode): IdentifierNode {
    const found = super.transformIdentifier(node);
    return found.name === 'job_configurations' ? { ...found, name: this.#configurations } : found;
  }

  protected override transformBinaryOperation(node: BinaryOperationNode): BinaryOperationNode {
    const found = super.transformBinaryOperation(node);
    const name = nameOf(found.leftOperand);
    return name !== undefined && isInstantColumn(name)
      ? { ...found, rightOperand: compared(name, found.rightOperand) }
      : found;
  }

  protected override transformColumnUpdate(node: ColumnUpdateNode): ColumnUpdateNode {
    const found = super.transformColumnUpdate(node);
    const name = nameOf(found.column);
    return name !== undefined && isInstantColumn(name) ? { ...found, value: stripped(found.value) } : found;
  }

  protected override transformInsertQuery(node: InsertQueryNode): InsertQueryNode {
    const found = super.transformInsertQuery(node);
    if (found.values?.kind !== 'ValuesNode') return found;
    const isInstant = (found.columns ?? []).map(({ column }) => isInstantColumn(column.name));
    const row = (list: PrimitiveValueListNode | ValueListNode) =>
      list.kind === 'PrimitiveValueListNode'
        ? { ...list, values: list.values.map((value, at) => (isInstant[at] ? withoutZone(value) : value)) }
        : { ...list, values: list.values.map((value, at) => (isInstant[at] ? stripped(value) : value)) };
    const { values } = found.values as unknown as {
      values: readonly (PrimitiveValueListNode | ValueListNode)[];
    };
    return { ...found, values: { ...found.values, values: values.map(row) } as OperationNode };
  }
}

/** Brings queries into the form of the tables on SQL Server: their names, and instants as DATETIME reads them. */
export function storedFormPlugin(configurationsTable: string): KyselyPlugin {
  const transformer = new StoredForm(configurationsTable);
  return {
    transformQuery: ({ node, queryId }: PluginTransformQueryArgs) => transformer.transformNode(node, queryId),
    transformResult: async ({ result }: PluginTransformResultArgs) => result,
  };
}
