import { valueCell } from '../../core/sql/value-text';
import type { OpenTable } from './numbered-report';

/** An array of objects, one a line: numbers, true/false and null as such, everything else as text. */
export const openJsonTable: OpenTable = (file, columns) => {
  // Two columns of one name would lose a value each row.
  const names = columns.map(({ name }, index) =>
    name !== '' && columns.findIndex((column) => column.name === name) === index
      ? name
      : `${name || 'column'}_${index + 1}`,
  );
  const keys = names.map((name) => JSON.stringify(name));
  let count = 0;
  file.out.write('[');
  return {
    row(values) {
      const fields = keys.map(
        (key, index) =>
          `${key}:${JSON.stringify(valueCell(values[index] ?? null, columns[index]?.type ?? 'unknown'))}`,
      );
      count += 1;
      if (!file.out.write(`${count === 1 ? '' : ','}\n{${fields.join(',')}}`)) return file.room(file.out);
    },
    end: () => void file.out.end(count === 0 ? ']\n' : '\n]\n'),
    abort: () => undefined,
  };
};
