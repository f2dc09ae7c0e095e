import type { Page } from 'playwright';

/** Waits until the editor is there and has its text. */
export async function editorReady(page: Page): Promise<void> {
  await page.locator('.monaco-editor .view-line').first().waitFor();
}

/** Puts the cursor behind the first line that holds this text. */
export async function cursorAfter(page: Page, text: string): Promise<void> {
  await page.locator('.monaco-editor:visible .view-line', { hasText: text }).first().click();
  await page.keyboard.press('End');
}

/** The lines the editor shows, as a person reads them. */
export async function shownLines(page: Page): Promise<string[]> {
  const lines = await page
    .locator('.monaco-editor:visible .view-lines')
    .first()
    .evaluate((box) =>
      [...box.querySelectorAll<HTMLElement>('.view-line')]
        .sort((a, b) => a.offsetTop - b.offsetTop)
        .map((line) => (line.textContent ?? '').replaceAll('\u00a0', ' ')),
    );
  return lines;
}
