import { createBrowserRouter } from 'react-router';
import { CrashPage, NotFoundPage } from './crash-page';
import { Frame } from './frame';
import { pages } from './routes';

/** Real paths, as the specification names them; every page's code comes when it is first opened. */
export function createRouter() {
  return createBrowserRouter([
    {
      element: <Frame />,
      errorElement: <CrashPage isWholeWindow />,
      hydrateFallbackElement: <div />,
      children: [
        {
          // Inside the frame: a page that breaks leaves the navigation standing.
          errorElement: <CrashPage />,
          children: [
            ...pages.map(({ path, page }) => ({ path, lazy: async () => ({ Component: await page() }) })),
            { path: '*', element: <NotFoundPage /> },
          ],
        },
      ],
    },
  ]);
}
