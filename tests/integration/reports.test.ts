import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import exceljs from 'exceljs';
import { describe, expect, it } from 'vitest';
import { fileReportWriter } from '../../src-main/adapters/reports/report-writer';
import type { ReportFormat } from '../../src-main/core/ports/report-writer';
import type { SqlValue } from '../../src-main/core/ports/sql-client';
import type { ResultColumn } from '../../src-shared/model/sql-result';
import { tempFolder } from '../support/temp-folder';

const named = (...names: string[]): ResultColumn[] => names.map((name) => ({ name, type: 'unknown' }));

async function report(format: ReportFormat, columns: string[], rows: SqlValue[][]): Promise<string> {
  const path = join(tempFolder(), 'new', 'folder', 'report');
  const open = await fileReportWriter.open(format, path);
  await open.columns(named(...columns));
  for (const row of rows) await open.row(row);
  const { files } = await open.commit();
  expect(files).toEqual([{ path, bytes: readFileSync(path).length }]);
  expect(readdirSync(dirname(path))).toEqual(['report']);
  return path;
}

const hostile = ['=1+1', "=cmd|' /C calc'!A0", '+1+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1', '＝1+1'];

describe('a CSV report', () => {
  it('keeps quotes, commas and lines, and begins with the mark Excel needs', async () => {
    const path = await report(
      'csv',
      ['a', 'b,c'],
      [
        ['x"y', 'two\nlines'],
        [null, 5n],
        ['', true],
      ],
    );
    expect(readFileSync(path, 'utf8')).toBe('\uFEFFa,"b,c"\r\n"x""y","two\nlines"\r\n,5\r\n"",true\r\n');
  });

  it('puts an apostrophe before what a spreadsheet would calculate, and leaves numbers alone', async () => {
    const path = await report(
      'csv',
      ['a'],
      [...hostile, '-1.5', '+3', -2].map((value) => [value]),
    );
    const lines = readFileSync(path, 'utf8')
      .slice(1)
      .split('\r\n')
      .map((line) => line.replace(/^"|"$/g, ''));
    for (const value of hostile) expect(lines.join('\r\n')).toContain(`'${value}`);
    expect(lines.slice(-4)).toEqual(['-1.5', '+3', '-2', '']);
  });
});

describe('a JSON report', () => {
  it('is an array of objects, with every column of equal names', async () => {
    const path = await report(
      'json',
      ['id', 'n', 'n', ''],
      [
        [1, 2, 3, new Date(0)],
        [10n ** 18n, null, true, new Uint8Array([1])],
      ],
    );
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual([
      { id: 1, n: 2, n_3: 3, column_4: '1970-01-01T00:00:00Z' },
      { id: '1000000000000000000', n: null, n_3: true, column_4: '0x01' },
    ]);
  });

  it('of nothing is an empty array', async () => {
    expect(JSON.parse(readFileSync(await report('json', ['a'], []), 'utf8'))).toEqual([]);
  });
});

describe('an Excel report', () => {
  it('holds numbers as numbers, dates as dates and formulas as text', async () => {
    const path = await report(
      'excel',
      ['text', 'number', 'date'],
      [...hostile.map((value) => [value, 1.5, new Date(0)]), [null, null, null]],
    );
    const book = new exceljs.Workbook();
    await book.xlsx.readFile(path);
    const sheet = book.worksheets[0];
    expect(sheet?.getRow(1).values).toEqual([undefined, 'text', 'number', 'date']);
    const cell = sheet?.getCell('A2');
    expect(cell?.type).toBe(exceljs.ValueType.String);
    expect(cell?.value).toBe('=1+1');
    expect(sheet?.getCell('B2').value).toBe(1.5);
    expect(sheet?.getCell('C2').value).toEqual(new Date(0));
  });
});

describe('a report that is given up', () => {
  it.each<ReportFormat>(['csv', 'json', 'excel'])('leaves no file: %s', async (format) => {
    const folder = tempFolder();
    const open = await fileReportWriter.open(format, join(folder, 'r'));
    await open.columns(named('a'));
    await open.row(['x']);
    await open.discard();
    expect(existsSync(join(folder, 'r'))).toBe(false);
    await expect.poll(() => readdirSync(folder)).toEqual([]);
  });

  it('leaves the report of the day before as it was', async () => {
    const folder = tempFolder();
    const path = join(folder, 'r');
    const first = await fileReportWriter.open('csv', path);
    await first.columns(named('old'));
    await first.commit();
    const second = await fileReportWriter.open('csv', path);
    await second.columns(named('new'));
    await second.discard();
    expect(readFileSync(path, 'utf8')).toContain('old');
  });
});
