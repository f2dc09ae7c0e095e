import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { create } from 'zustand';
import styles from './confirm.module.css';

export interface Question {
  readonly title: string;
  readonly text: ReactNode;
  /** The verb of the button that does it. */
  readonly action: string;
  /** It destroys something: the button is red and not the first choice. */
  readonly isDangerous?: boolean;
}

interface Asked {
  readonly question: Question | undefined;
  readonly answer: (yes: boolean) => void;
}

const useAsked = create<Asked>(() => ({ question: undefined, answer: () => undefined }));

/** Asks once, in a dialog; false for Cancel and Esc. A second question while one is open answers the first with no. */
export function confirm(question: Question): Promise<boolean> {
  useAsked.getState().answer(false);
  const asker = document.activeElement;
  return new Promise((resolve) => {
    useAsked.setState({
      question,
      answer(yes) {
        useAsked.setState({ question: undefined, answer: () => undefined });
        // Back to where it was asked: a drawer without the focus stays hidden from the keyboard and from readers.
        if (asker instanceof HTMLElement) requestAnimationFrame(() => asker.isConnected && asker.focus());
        resolve(yes);
      },
    });
  });
}

/** Where questions appear. Once, in the frame. */
export function ConfirmHost() {
  const { question, answer } = useAsked();
  return (
    <Dialog
      open={question !== undefined}
      modalType="alert"
      onOpenChange={(_, data) => {
        if (!data.open) answer(false);
      }}
    >
      <DialogSurface>
        {question && (
          <DialogBody>
            <DialogTitle>{question.title}</DialogTitle>
            <DialogContent>{question.text}</DialogContent>
            <DialogActions>
              <Button
                appearance={question.isDangerous ? 'secondary' : 'primary'}
                className={question.isDangerous ? styles.danger : undefined}
                onClick={() => answer(true)}
              >
                {question.action}
              </Button>
              <Button onClick={() => answer(false)}>Cancel</Button>
            </DialogActions>
          </DialogBody>
        )}
      </DialogSurface>
    </Dialog>
  );
}
