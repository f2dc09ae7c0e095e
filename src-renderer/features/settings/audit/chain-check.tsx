import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { api } from '../../../lib/api';
import { formatNumber } from '../../../lib/time-text';
import { Notice } from '../../../ui/notice';
import { attempt } from '../../../ui/toasts';

type Report = Awaited<ReturnType<typeof api.security.verifyAudit>>;

/** Checks on demand that nobody altered the audit, and says what was found. */
export function useChainCheck() {
  const [report, setReport] = useState<Report>();
  const [isBusy, setBusy] = useState(false);
  const check = async () => {
    setBusy(true);
    setReport(await attempt(() => api.security.verifyAudit({})));
    setBusy(false);
  };
  return {
    button: (
      <Button disabled={isBusy} onClick={() => void check()}>
        {isBusy ? 'Checking…' : 'Check the chain'}
      </Button>
    ),
    notice: report && <ChainNotice report={report} />,
  };
}

function ChainNotice({ report }: { readonly report: Report }) {
  const { is_whole, rows, unchained, problems } = report;
  const older =
    unchained > 0 ? ` ${formatNumber(unchained)} older rows are from before there was a chain.` : '';
  if (is_whole)
    return (
      <Notice tone="success">
        Nothing was altered, put in or taken out: {formatNumber(rows)} rows follow one another.{older}
      </Notice>
    );
  return (
    <Notice tone="error">
      <b>The audit was tampered with.</b>
      <ul style={{ paddingInlineStart: 20 }}>
        {problems.map(({ audit_id, message }) => (
          <li key={`${audit_id} ${message}`}>{audit_id === null ? message : `Row ${audit_id} ${message}`}</li>
        ))}
      </ul>
    </Notice>
  );
}
