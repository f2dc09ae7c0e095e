import { Button } from '@fluentui/react-components';
import { useNavigate, useRouteError } from 'react-router';
import { errorText } from '../lib/api';
import { Page } from '../ui/page';
import { EmptyState } from '../ui/states';

/** A page that broke, or whose code did not arrive (the program was updated, or is gone). */
export function CrashPage({ isWholeWindow = false }: { readonly isWholeWindow?: boolean }) {
  const error = useRouteError();
  const isCodeMissing = /dynamically imported module|module script|preload/i.test(errorText(error));
  return (
    <Page title="Something broke">
      <div role="alert">
        <EmptyState
          title={isCodeMissing ? 'This page could not be loaded' : 'This page broke'}
          actions={
            <>
              <Button appearance="primary" onClick={() => location.reload()}>
                Load it again
              </Button>
              {!isWholeWindow && <Button onClick={() => location.assign('/')}>Go to the dashboard</Button>}
            </>
          }
        >
          {isCodeMissing
            ? 'The program was updated, or does not answer. Nothing of what it does is affected.'
            : `${errorText(error)}. Jobs go on running; only the picture of them is broken.`}
        </EmptyState>
      </div>
    </Page>
  );
}

/** An address that is none of ours. */
export function NotFoundPage() {
  const navigate = useNavigate();
  return (
    <Page title="Not found">
      <EmptyState
        title="There is no such page"
        actions={<Button onClick={() => navigate('/')}>Go to the dashboard</Button>}
      >
        The address may be mistyped, or belong to a newer version of the program.
      </EmptyState>
    </Page>
  );
}
