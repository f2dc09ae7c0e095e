import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { serverNow } from '../../lib/clock';
import { fixesFor } from './document/fixes';
import { hoverText } from './document/hover-text';
import { jobSchema } from './document/job-schema';
import { pathAtOffset } from './document/node-path';
import type { JobTypeInfo } from './document/read-job-text';
import { useEditor } from './editor-store';
import type { EditorHandle } from './monaco/code-editor';
import type { YamlLanguageSource } from './monaco/yaml-source';
import { slotWords } from './parts/schedule-card';
import type { Preview } from './use-preview';

const runsInHover = 5;

/** What Monaco asks about the text: the schema to complete by, issues and their fixes, meanings and the next runs. */
export function useYamlSource(
  handle: RefObject<EditorHandle | undefined>,
  types: readonly JobTypeInfo[],
  preview: Preview | undefined,
): YamlLanguageSource {
  const type = useEditor(({ reading }) => reading.type);
  const issues = useEditor((editor) => editor.issues);
  const schema = useMemo(() => jobSchema(types, type), [types, type]);
  const latest = useRef({ schema, preview });
  latest.current = { schema, preview };
  const [source] = useState<YamlLanguageSource>(() => ({
    schema: () => latest.current.schema,
    issues: () => useEditor.getState().issues,
    hover(offset) {
      const { root, schedule, base } = useEditor.getState().reading;
      const path = pathAtOffset(root, offset);
      const slots = schedule ? (latest.current.preview?.slots ?? []).slice(0, runsInHover) : [];
      const runs = slots.map((slot) => slotWords(slot, serverNow()));
      const zones = new Set(slots.map(({ timezone }) => timezone));
      const zone = zones.size === 1 ? slots[0]?.timezone : undefined;
      return path && hoverText(latest.current.schema, path.slice(base.length), runs, zone);
    },
    fixes(start, end) {
      const now = useEditor.getState();
      return now.issues
        .filter((issue) => issue.start <= end && issue.end >= start)
        .flatMap((issue) => fixesFor(now.text, issue).map((fix, index) => ({ fix, isFirst: index === 0 })));
    },
  }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: what has changed is what is to be shown
  useEffect(() => handle.current?.showIssues(), [issues]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => handle.current?.showSchema(), [schema]);
  return source;
}
