import { useUrlText } from './url-state';

/** A dialog that an address can open (`?import=open`): from the palette, a link, or a button. */
export function useDialogParam(name: string): readonly [boolean, (isOpen: boolean) => void] {
  const [text, setText] = useUrlText(name);
  return [text === 'open', (isOpen) => setText(isOpen ? 'open' : '')];
}
