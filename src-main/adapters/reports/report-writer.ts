import type { ReportWriter } from '../../core/ports/report-writer';
import { openCsvTable } from './csv-report';
import { openJsonTable } from './json-report';
import { createNumberedReport } from './numbered-report';
import { openReportFile } from './report-file';

/** Reports as CSV, JSON or Excel files, row by row in bounded memory. */
export const fileReportWriter: ReportWriter = {
  async open(format, path) {
    const file = await openReportFile(path);
    switch (format) {
      case 'csv':
        return createNumberedReport(file, openCsvTable);
      case 'json':
        return createNumberedReport(file, openJsonTable);
      case 'excel': {
        // Loaded with the first workbook: it would cost every start 0.3 s and 30 MB.
        const { createExcelReport } = await import('./excel-report');
        return createExcelReport(file);
      }
    }
  },
};
