/** A list of texts as one column holds it: JSON, or null. */
export function listToText(list: readonly string[] | null): string | null {
  return list === null ? null : JSON.stringify(list);
}

/** Reads it back. What can't be read is the empty list: it grants nothing. */
export function listFromText(text: string | null): readonly string[] | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  } catch {
    return [];
  }
}
