/** What spreadsheets take for the beginning of a formula (OWASP, "CSV Injection"), full-width forms included. */
const formulaStart = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
const plainNumber = /^[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?$/;

/** Text for a CSV cell: one that a spreadsheet would calculate gets an apostrophe in front; numbers stay numbers. */
export function safeText(text: string): string {
  const clean = text.replaceAll('\0', '\u2400');
  return formulaStart.test(clean) && !plainNumber.test(clean) ? `'${clean}` : clean;
}
