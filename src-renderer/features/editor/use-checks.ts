import { useEffect } from 'react';
import { useEditor } from './editor-store';

/** Reading takes milliseconds: soon enough to feel like "while typing", late enough not to slow it. */
const readAfterMs = 80;
/** The program is asked when the typing pauses. */
const checkAfterMs = 350;

/** Reads the text after every change, and has the program check it when the typing pauses. */
export function useChecks(): void {
  const text = useEditor((state) => state.text);
  const isOpen = useEditor((state) => state.opened !== undefined);
  useEffect(() => {
    if (!isOpen) return;
    const { read, check, checkedText } = useEditor.getState();
    if (checkedText === text) return;
    const reading = setTimeout(read, readAfterMs);
    const checking = setTimeout(() => void check(), checkAfterMs);
    return () => {
      clearTimeout(reading);
      clearTimeout(checking);
    };
  }, [text, isOpen]);
}
