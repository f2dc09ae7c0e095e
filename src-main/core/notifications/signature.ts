const longest = 300;

/**
 * What two failures have in common when they are the same one: the first line of the message without what differs
 * from run to run (times, numbers, ids, quoted values), with status and exit code.
 */
export function failureSignature(failure: {
  readonly status: string;
  readonly error_message: string | null;
  readonly return_code: number | null;
}): string {
  const line = (failure.error_message ?? '').split(/\r?\n/).find((each) => each.trim() !== '') ?? '';
  const stripped = line
    .toLowerCase()
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '#')
    .replace(/\b(?:0x)?[0-9a-f]*\d[0-9a-f]*\b/g, '#')
    .replace(/\d+/g, '#')
    .replace(/#(?:[\s:.,/tz+-]*#)+/g, '#')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, longest);
  return `${failure.status} ${failure.return_code ?? ''} ${stripped}`;
}
