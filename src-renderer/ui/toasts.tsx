import { Button } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { create } from 'zustand';
import { errorText } from '../lib/api';
import styles from './toasts.module.css';

export interface Toast {
  readonly kind: 'success' | 'error' | 'info';
  readonly text: string;
  /** One thing to do about it, such as Undo; the toast goes when it was done. */
  readonly action?: { readonly text: string; readonly run: () => void };
}

interface Toasts {
  readonly all: readonly (Toast & { readonly id: number })[];
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
const withActionMs = 10_000;

function ToastView({ toast }: { readonly toast: Toast & { readonly id: number } }) {
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
      role={toast.kind === 'error' ? 'alert' : 'status'}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span className={styles.glyph} aria-hidden="true">
        {{ success: '✓', error: '✕', info: 'i' }[toast.kind]}
      </span>
      <span className={styles.text}>{toast.text}</span>
      {toast.action && (
        <Button
          size="small"
          onClick={() => {
            remove(toast.id);
            toast.action?.run();
          }}
        >
          {toast.action.text}
        </Button>
      )}
      <Button size="small" appearance="subtle" aria-label="Dismiss" onClick={() => remove(toast.id)}>
        ✕
      </Button>
    </div>
  );
}

/** Where toasts appear. Once, in the frame. */
export function ToastHost() {
  const all = useToasts((toasts) => toasts.all);
  return (
    <section className={styles.host} aria-label="Messages">
      {all.map((toast) => (
        <ToastView key={toast.id} toast={toast} />
      ))}
    </section>
  );
}
