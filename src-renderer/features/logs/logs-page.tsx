import { Button } from '@fluentui/react-components';
import { ArrowDownRegular } from '@fluentui/react-icons/svg/arrow-down';
import { PauseRegular } from '@fluentui/react-icons/svg/pause';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { api } from '../../lib/api';
import { formatBytes, formatNumber, plural } from '../../lib/time-text';
import { Page, PageHeader } from '../../ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { LogDetail } from './log-detail';
import { LogList } from './log-list';
import styles from './logs.module.css';
import { isOpenEnded, readFilter } from './logs-filter';
import { LogsFilters } from './logs-filters';
import { type ShownLine, useLogs } from './logs-store';
import { useTail } from './use-tail';

interface Sources {
  readonly folder: string;
  readonly names: readonly string[];
  readonly files: number;
  readonly bytes: number;
}

const noSources: Sources = { folder: '', names: [], files: 0, bytes: 0 };
const aroundMs = 60_000;

function useSources(): Sources {
  const [sources, setSources] = useState(noSources);
  useEffect(() => {
    api.system
      .logSources({})
      .then(({ folder, sources: all }) =>
        setSources({
          folder,
          names: all.map((one) => one.source),
          files: all.reduce((sum, one) => sum + one.files, 0),
          bytes: all.reduce((sum, one) => sum + one.bytes, 0),
        }),
      )
      .catch(() => undefined);
  }, []);
  return sources;
}

/** The line the address names by its time and source, once it is there. */
function useChosenLine(lines: readonly ShownLine[] | undefined) {
  const [params, setParams] = useSearchParams();
  const [chosenKey, setChosenKey] = useState<number>();
  const wanted = params.get('line');
  const chosen = useMemo(() => {
    if (wanted === null) return undefined;
    const fits = (line: ShownLine) => `${line.time} ${line.source}` === wanted;
    return lines?.find((line) => line.key === chosenKey && fits(line)) ?? lines?.findLast(fits);
  }, [lines, wanted, chosenKey]);
  const choose = useCallback(
    (line: ShownLine | undefined) => {
      setChosenKey(line?.key);
      setParams(
        (current) => {
          const next = new URLSearchParams(current);
          if (line) next.set('line', `${line.time} ${line.source}`);
          else next.delete('line');
          return next;
        },
        { replace: true },
      );
    },
    [setParams],
  );
  return { chosen, choose };
}

/** /logs: what the program says of itself and of its jobs, live. */
export function LogsPage() {
  const [params, setParams] = useSearchParams();
  const filter = readFilter(params);
  const filterKey = JSON.stringify(filter);
  const { lines, total, isPartial, error, isLoadingOlder, load, loadOlder } = useLogs();
  const { chosen, choose } = useChosenLine(lines);
  const [isFollowing, setFollowing] = useState(params.get('line') === null);
  const [seen, setSeen] = useState(0);
  const sources = useSources();
  const isLive = isOpenEnded(filter);
  useTail(filter, isLive && lines !== undefined && !error);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the filter counts by what it says
  useEffect(() => void load(filter), [filterKey]);
  const newest = lines?.at(-1)?.key ?? 0;
  useEffect(() => {
    if (isFollowing) setSeen(newest);
  }, [isFollowing, newest]);
  const fresh = isFollowing ? 0 : (lines?.filter((line) => line.key > seen).length ?? 0);
  const hasOlder = lines !== undefined && lines.length < total;
  const onTop = useCallback(() => {
    if (hasOlder) void loadOlder().catch(() => undefined);
  }, [hasOlder, loadOlder]);

  const showAround = (line: ShownLine) => {
    const at = Date.parse(line.time);
    setFollowing(false);
    setParams({
      range: 'custom',
      from: new Date(at - aroundMs).toISOString(),
      to: new Date(at + aroundMs).toISOString(),
      line: `${line.time} ${line.source}`,
    });
  };
  const isFiltered = [...params.keys()].some((key) => key !== 'line');

  return (
    <Page title="Logs" isFilling>
      <PageHeader
        title="Logs"
        note={
          sources.files > 0 && (
            <span title={sources.folder}>
              {plural(sources.names.length, 'log')} in {plural(sources.files, 'file')},{' '}
              {formatBytes(sources.bytes)}
            </span>
          )
        }
        actions={
          isLive && (
            <Button
              icon={isFollowing ? <PauseRegular /> : <ArrowDownRegular />}
              onClick={() => setFollowing(!isFollowing)}
            >
              {isFollowing ? 'Pause' : fresh > 0 ? `Follow (${formatNumber(fresh)} new)` : 'Follow'}
            </Button>
          )
        }
      />
      <LogsFilters
        sources={sources.names}
        end={
          lines && !error ? (
            <span aria-live="polite">
              {isLoadingOlder
                ? 'Loading older lines…'
                : lines.length < total
                  ? `Newest ${formatNumber(lines.length)} of ${plural(total, 'line')}`
                  : plural(total, 'line')}
            </span>
          ) : undefined
        }
      />
      <div className={styles.room}>
        {error ? (
          <div className={styles.box}>
            <ErrorState what="The logs" error={error} onRetry={() => void load(filter)} />
          </div>
        ) : !lines ? (
          <div className={styles.box}>
            <SkeletonRows count={18} rowHeight={24} />
          </div>
        ) : lines.length === 0 ? (
          <div className={styles.box}>
            <EmptyState
              title={isFiltered ? 'No line fits the filters' : 'Nothing was logged yet'}
              actions={isFiltered && <Button onClick={() => setParams({})}>Clear the filters</Button>}
            >
              {isLive
                ? 'New lines appear here by themselves.'
                : 'The chosen stretch of time holds no such line.'}
            </EmptyState>
          </div>
        ) : (
          <LogList
            key={filterKey}
            lines={lines}
            search={filter.search}
            isFollowing={isFollowing && isLive}
            onFollow={setFollowing}
            selectedKey={chosen?.key}
            onSelect={choose}
            onTop={onTop}
          />
        )}
        {chosen && (
          <LogDetail
            line={chosen}
            search={filter.search}
            onShowAround={() => showAround(chosen)}
            onClose={() => choose(undefined)}
          />
        )}
      </div>
      {isPartial && lines && (
        <p className={styles.note}>
          The newest 64 MB of the logs were searched; older lines are in the files in {sources.folder}.
        </p>
      )}
    </Page>
  );
}
