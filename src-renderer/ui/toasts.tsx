import { Button } from '@fluentui/react-components';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { create } from 'zustand';
import { errorText } from '../lib/api';
import styles from './toasts.module.css';

export interface Toast {
  readonly kind: 'success' | 'error' | 'info';
  readonly text: string;
  /** One thing to do about it; the toast goes when it was done. Ctrl+Z does the newest one named Undo. */
  readonly action?: { readonly text: 'Undo' | 'Open'; readonly run: () => void };
}

type ShownToast = Toast & { readonly id: number };

interface Toasts {
  readonly all: readonly ShownToast[];
  add(toast: Toast): void;
  remove(id: number): void;
}

let nextId = 1;
const mostShown = 4;
const useToasts = create<Toasts>((set) => ({
  all: [],
  add: (toast) => set(({ all }) => ({ all: [...all, { ...toast, id: nextId++ }].slice(-mostShown) })),
  remove: (id) => set(({ all }) => ({ all: all.filter((toast) => toast.id !== id) })),
}));

/** Says something in the corner for a while. From anywhere, stores included. */
export function notify(toast: Toast): void {
  useToasts.getState().add(toast);
}

export function notifyError(error: unknown): void {
  notify({ kind: 'error', text: errorText(error) });
}

/** Does something and tells how it went; the result, or undefined when it failed. */
export async function attempt<T>(
  work: () => Promise<T>,
  done?: (result: T) => Toast,
): Promise<T | undefined> {
  try {
    const result = await work();
    if (done) notify(done(result));
    return result;
  } catch (error) {
    notifyError(error);
    return undefined;
  }
}

const shownMs = { success: 5000, info: 7000, error: 12_000 };
/** Long enough to be heard, thought about and reached. */
const withActionMs = 15_000;

/** Undo is a key everywhere but where text is written: there it belongs to the text. */
const isText = (target: EventTarget | null) =>
  target instanceof Element &&
  target.closest('input:not([type=checkbox], [type=radio]), textarea, [contenteditable]') !== null;

function ToastView({ toast, onDone }: { readonly toast: ShownToast; readonly onDone: () => void }) {
  const remove = useToasts((toasts) => toasts.remove);
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (isHeld) return;
    const ms = Math.max(shownMs[toast.kind], toast.action ? withActionMs : 0);
    const timer = setTimeout(() => remove(toast.id), ms);
    return () => clearTimeout(timer);
  }, [isHeld, toast, remove]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hovering only holds it; everything has a button
    <div
      className={styles.toast}
      data-kind={toast.kind}
      role={toast.kind === 'error' ? 'alert' : undefined}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span className={styles.glyph} aria-hidden="true">
        {{ success: '✓', error: '✕', info: 'i' }[toast.kind]}
      </span>
      <span className={styles.text}>
        {toast.text}
        {toast.action?.text === 'Undo' && <span className="visually-hidden">. Ctrl+Z takes it back.</span>}
      </span>
      {toast.action && (
        <Button
          size="small"
          title={toast.action.text === 'Undo' ? 'Ctrl+Z' : undefined}
          onClick={() => {
            onDone();
            remove(toast.id);
            toast.action?.run();
          }}
        >
          {toast.action.text}
        </Button>
      )}
      <Button
        size="small"
        appearance="subtle"
        aria-label="Dismiss"
        title="Esc"
        onClick={() => {
          onDone();
          remove(toast.id);
        }}
      >
        ✕
      </Button>
    </div>
  );
}

/**
 * Where toasts appear. Once, in the frame. F8 leads to the newest one and Esc back to where one was; Ctrl+Z takes
 * back what the newest one offers to take back.
 */
export function ToastHost() {
  const all = useToasts((toasts) => toasts.all);
  const remove = useToasts((toasts) => toasts.remove);
  const host = useRef<HTMLElement>(null);
  const cameFrom = useRef<Element | null>(null);

  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const { all: shown, remove: drop } = useToasts.getState();
      if (event.defaultPrevented) return;
      if (event.key === 'F8' && shown.length > 0) {
        event.preventDefault();
        if (!host.current?.contains(document.activeElement)) cameFrom.current = document.activeElement;
        host.current?.querySelector<HTMLElement>(':scope > :last-child button')?.focus();
        return;
      }
      const isUndo = event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey);
      if (!isUndo || event.shiftKey || event.altKey || isText(event.target)) return;
      const toast = shown.findLast(({ action }) => action?.text === 'Undo');
      if (!toast) return;
      event.preventDefault();
      drop(toast.id);
      toast.action?.run();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  /** A message that goes must not take the keyboard's place in the page with it. */
  const giveBackFocus = () => {
    if (!host.current?.contains(document.activeElement)) return;
    const { current } = cameFrom;
    const isThere = current instanceof HTMLElement && current.isConnected && current !== document.body;
    (isThere ? current : document.getElementById('main'))?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = [...(host.current?.children ?? [])].findIndex((each) => each.contains(event.target as Node));
    const toast = all[at];
    if (event.key !== 'Escape' || !toast) return;
    event.stopPropagation();
    giveBackFocus();
    remove(toast.id);
  };
  return (
    <section
      ref={host}
      className={styles.host}
      aria-label="Messages"
      aria-live="polite"
      aria-relevant="additions"
      onKeyDown={onKeyDown}
    >
      {all.map((toast) => (
        <ToastView key={toast.id} toast={toast} onDone={giveBackFocus} />
      ))}
    </section>
  );
}
