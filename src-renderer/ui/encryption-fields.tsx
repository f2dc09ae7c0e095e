import { Checkbox } from '@fluentui/react-components';
import styles from './encryption-fields.module.css';
import { Notice } from './notice';

/** Whether a connection to a SQL Server is encrypted, and what follows where it is not, or not for sure. */
export function EncryptionFields({
  encrypt,
  trust,
  isDisabled,
  carried,
  onEncrypt,
  onTrust,
}: {
  readonly encrypt: boolean;
  /** The certificate is taken as it is. */
  readonly trust: boolean;
  readonly isDisabled: boolean;
  /** What would cross the network in the clear, besides the login. */
  readonly carried: string;
  readonly onEncrypt: (encrypt: boolean) => void;
  readonly onTrust: (trust: boolean) => void;
}) {
  return (
    <fieldset className={styles.group}>
      <legend>Encryption</legend>
      <Checkbox
        label="Encrypt the connection"
        checked={encrypt}
        disabled={isDisabled}
        onChange={(_, { checked }) => onEncrypt(checked === true)}
      />
      {!encrypt && (
        <Notice tone="warning">
          Without encryption {carried} and possibly the login cross the network in the clear.
        </Notice>
      )}
      <Checkbox
        label="Trust the server’s certificate without checking it"
        checked={trust}
        disabled={isDisabled}
        onChange={(_, { checked }) => onTrust(checked === true)}
      />
      {trust && (
        <Notice tone="warning">
          Any machine on the way can pose as this server. Better: install the authority of its certificate.
        </Notice>
      )}
    </fieldset>
  );
}
