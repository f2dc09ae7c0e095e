import { Button, DialogActions, DialogBody, DialogContent, DialogTitle } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { CopyButton } from '../../ui/copy-button';
import { Notice } from '../../ui/notice';
import styles from './settings.module.css';

/** A key or a password, the only time it can be seen. Stands in a dialog. */
export function ToldSecret({
  title,
  secret,
  testId,
  onClose,
  children,
}: {
  readonly title: string;
  readonly secret: string;
  readonly testId: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  return (
    <DialogBody>
      <DialogTitle>{title}</DialogTitle>
      <DialogContent className={styles.dialog}>
        <Notice tone="warning">Copy it now: it is not shown again.</Notice>
        <div className={styles.secretLine}>
          <code className={styles.secret} data-testid={testId}>
            {secret}
          </code>
          <CopyButton text={secret} size="medium" />
        </div>
        <p className={styles.soft}>{children}</p>
      </DialogContent>
      <DialogActions>
        <Button appearance="primary" onClick={onClose}>
          I have copied it
        </Button>
      </DialogActions>
    </DialogBody>
  );
}
