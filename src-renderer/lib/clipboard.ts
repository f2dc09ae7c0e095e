/**
 * Puts a text on the clipboard. Browsers give it to safe addresses only (https, this computer); elsewhere a hidden
 * field still can. Throws an Error that says what to do when that is refused too.
 */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Within an open dialog: it takes the focus back from anything outside.
  const home = document.activeElement?.closest('[role=dialog], [role=alertdialog]') ?? document.body;
  const before = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  home.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  if (!isCopied) throw new Error('This browser does not let the page copy; select the text and press Ctrl+C');
}
