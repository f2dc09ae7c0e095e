import { useEffect, useRef } from 'react';

const inside = (event: KeyboardEvent, selector: string): boolean =>
  event.target instanceof Element && event.target.closest(selector) !== null;

/** Ctrl+S saves from anywhere on the page; Esc leaves it, where Esc has nothing else to close. */
export function usePageKeys(keys: { save(): void; leave(): void }): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onSave = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current.save();
    };
    const onEscape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (
        inside(
          event,
          'input, textarea, select, .monaco-editor, [role="dialog"], [role="menu"], [role="listbox"]',
        )
      )
        return;
      if (document.querySelector('[role="dialog"], [role="alertdialog"]')) return;
      latest.current.leave();
    };
    // Monaco must not see Ctrl+S first.
    window.addEventListener('keydown', onSave, true);
    window.addEventListener('keydown', onEscape);
    return () => {
      window.removeEventListener('keydown', onSave, true);
      window.removeEventListener('keydown', onEscape);
    };
  }, []);
}
