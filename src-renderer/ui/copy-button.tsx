import { Button, type ButtonProps } from '@fluentui/react-components';
import { CheckmarkRegular } from '@fluentui/react-icons/svg/checkmark';
import { CopyRegular } from '@fluentui/react-icons/svg/copy';
import { useEffect, useState } from 'react';
import { copyText } from '../lib/clipboard';
import { notifyError } from './toasts';

const shownMs = 2000;

/** Copies a text, or what a function gives, and says that it did. */
export function CopyButton({
  text,
  what = 'Copy',
  size = 'small',
}: {
  readonly text: string | (() => string | Promise<string>);
  readonly what?: string;
  readonly size?: ButtonProps['size'];
}) {
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => setDone(false), shownMs);
    return () => clearTimeout(timer);
  }, [isDone]);
  const copy = async () => {
    try {
      await copyText(typeof text === 'string' ? text : await text());
      setDone(true);
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <Button size={size} icon={isDone ? <CheckmarkRegular /> : <CopyRegular />} onClick={() => void copy()}>
      <span aria-live="polite">{isDone ? 'Copied' : what}</span>
    </Button>
  );
}
