/** An element of an XML document; names without their prefix. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** All text directly in it, trimmed. */
  readonly text: string;
  /** Where its tag ends. */
  readonly line: number;
}

/** Reads XML documents. */
export interface XmlReader {
  /**
   * Throws AppError `validation_failed`, with line and column, for a text that is not well-formed, and for one that has
   * a DOCTYPE: entities of its own are never expanded.
   */
  read(text: string): XmlElement;
}
