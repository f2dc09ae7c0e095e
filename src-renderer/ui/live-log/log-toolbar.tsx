import { Button, Input, ToggleButton } from '@fluentui/react-components';
import { ArrowDownRegular } from '@fluentui/react-icons/svg/arrow-down';
import { ArrowUpRegular } from '@fluentui/react-icons/svg/arrow-up';
import { CopyRegular } from '@fluentui/react-icons/svg/copy';
import { SearchRegular } from '@fluentui/react-icons/svg/search';
import { useEffect, useRef } from 'react';
import { api } from '../../lib/api';
import { copyText } from '../../lib/clipboard';
import type { OutputLog } from '../../lib/output-log';
import { formatBytes, formatNumber, plural } from '../../lib/time-text';
import { attempt, notify } from '../toasts';
import styles from './live-log.module.css';
import type { LogSearch } from './use-log-search';

const mostCopied = 4 * 1024 * 1024;

async function copyOutput(execution_id: string, size: number): Promise<void> {
  const params = { execution_id };
  await attempt(async () => {
    const { body } = await api.executions.output({ params, query: { tail: mostCopied } });
    await copyText(String(body));
    const isWhole = size <= mostCopied;
    notify({
      kind: isWhole ? 'success' : 'info',
      text: isWhole
        ? 'The output is on the clipboard'
        : `The last ${formatBytes(mostCopied)} are on the clipboard`,
    });
  });
}

/** What the search has come to, in words. */
function searchWords(search: LogSearch, at: number, isEnded: boolean): string {
  if (search.problem) return search.problem;
  if (search.text === '' && !search.isStderrOnly) return '';
  if (search.lines === undefined) return 'Looking…';
  if (search.total === 0) return isEnded ? 'Not found' : 'Not found so far';
  if (search.text === '') return plural(search.total, 'line');
  const shown =
    search.total > search.lines.length ? `${formatNumber(search.lines.length)}+` : formatNumber(search.total);
  return `${formatNumber(at + 1)} of ${shown}${isEnded ? '' : ' so far'}`;
}

export function LogToolbar(props: {
  readonly execution_id: string;
  readonly log: OutputLog;
  readonly isEnded: boolean;
  readonly search: LogSearch;
  readonly at: number;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onStep: (by: 1 | -1) => void;
  readonly isStderrOnly: boolean;
  readonly onStderrOnly: (is: boolean) => void;
  readonly isOnlyFound: boolean;
  readonly onOnlyFound: (is: boolean) => void;
  readonly isWrapped: boolean;
  readonly onWrapped: (is: boolean) => void;
  readonly isFollowing: boolean;
  readonly onFollow: () => void;
  readonly onFocusLog: () => void;
}) {
  const { execution_id, log, isEnded, search, text } = props;
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof Element && event.target.closest('input, textarea, [contenteditable]');
      const isFind = event.key.toLowerCase() === 'f' && (event.ctrlKey || event.metaKey) && !event.shiftKey;
      if (!isFind && (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey))
        return;
      event.preventDefault();
      input.current?.select();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  const words = searchWords(search, props.at, isEnded);
  const hasFound = (search.lines?.length ?? 0) > 0 && search.text !== '';
  return (
    <div className={styles.toolbar} role="toolbar" aria-label="Output">
      <Input
        ref={input}
        size="small"
        className={styles.find}
        aria-label="Find in output"
        placeholder="Find in output"
        title="Press / or Ctrl+F to come here; Enter for the next line, Shift+Enter for the one before"
        contentBefore={<SearchRegular />}
        value={text}
        onChange={(_, data) => props.onText(data.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') props.onStep(event.shiftKey ? -1 : 1);
          else if (event.key === 'Escape') {
            if (text === '') props.onFocusLog();
            props.onText('');
          } else return;
          event.preventDefault();
        }}
      />
      {hasFound && (
        <span className={styles.steps}>
          <Button
            size="small"
            appearance="subtle"
            icon={<ArrowUpRegular />}
            aria-label="Previous line found"
            onClick={() => props.onStep(-1)}
          />
          <Button
            size="small"
            appearance="subtle"
            icon={<ArrowDownRegular />}
            aria-label="Next line found"
            onClick={() => props.onStep(1)}
          />
          <ToggleButton
            size="small"
            appearance="subtle"
            checked={props.isOnlyFound}
            onClick={() => props.onOnlyFound(!props.isOnlyFound)}
          >
            Only these
          </ToggleButton>
        </span>
      )}
      <ToggleButton
        size="small"
        shape="circular"
        checked={props.isStderrOnly}
        onClick={() => props.onStderrOnly(!props.isStderrOnly)}
      >
        stderr
      </ToggleButton>
      <span className={styles.words} role="status">
        {words}
      </span>
      <span className={styles.end}>
        {log.isLoaded && (
          <span className={styles.size}>
            {log.isComplete ? '' : 'Live · '}
            {plural(log.total, 'line')}, {formatBytes(log.size)}
          </span>
        )}
        <ToggleButton
          size="small"
          checked={props.isWrapped}
          onClick={() => props.onWrapped(!props.isWrapped)}
        >
          Wrap
        </ToggleButton>
        {isEnded ? (
          <Button size="small" onClick={props.onFollow} disabled={log.total === 0}>
            To the end
          </Button>
        ) : (
          <ToggleButton size="small" checked={props.isFollowing} onClick={props.onFollow}>
            Follow
          </ToggleButton>
        )}
        <Button
          size="small"
          icon={<CopyRegular />}
          aria-label="Copy the output"
          title="Copy the output"
          disabled={log.total === 0}
          onClick={() => void copyOutput(execution_id, log.size)}
        />
        <Button
          size="small"
          as="a"
          href={`/api/executions/${encodeURIComponent(execution_id)}/output/download`}
          download
        >
          Download
        </Button>
      </span>
    </div>
  );
}
