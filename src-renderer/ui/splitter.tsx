import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import styles from './splitter.module.css';

const stepPercent = 2;

/** Two parts with a bar between them that the pointer and the arrow keys move. The place is kept by `name`. */
export function Splitter({
  name,
  first,
  second,
  isVertical = false,
  initialPercent = 60,
  label = 'Size of the two parts',
}: {
  readonly name: string;
  readonly first: ReactNode;
  readonly second: ReactNode;
  /** One above the other. */
  readonly isVertical?: boolean;
  readonly initialPercent?: number;
  readonly label?: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [percent, setPercent] = useState(() => read(name) ?? initialPercent);
  const move = (to: number) => {
    const next = Math.min(85, Math.max(15, to));
    setPercent(next);
    keep(name, next);
  };
  const onPointerMove = (event: PointerEvent) => {
    const area = box.current?.getBoundingClientRect();
    if (!area || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const share = isVertical
      ? (event.clientY - area.top) / area.height
      : (event.clientX - area.left) / area.width;
    move(share * 100);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const less = isVertical ? 'ArrowUp' : 'ArrowLeft';
    const more = isVertical ? 'ArrowDown' : 'ArrowRight';
    if (event.key !== less && event.key !== more) return;
    event.preventDefault();
    move(percent + (event.key === more ? stepPercent : -stepPercent));
  };
  return (
    <div ref={box} className={styles.box} data-vertical={isVertical || undefined}>
      <div className={styles.part} style={{ flex: `0 0 calc(${percent}% - 6px)` }}>
        {first}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: <hr> can't be moved */}
      <div
        className={styles.bar}
        role="separator"
        tabIndex={0}
        aria-label={label}
        aria-orientation={isVertical ? 'horizontal' : 'vertical'}
        aria-valuenow={Math.round(percent)}
        aria-valuemin={15}
        aria-valuemax={85}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={onPointerMove}
        onKeyDown={onKeyDown}
      />
      <div className={styles.part} style={{ flex: '1 1 0' }}>
        {second}
      </div>
    </div>
  );
}

function read(name: string): number | undefined {
  try {
    return Number(localStorage.getItem(`splitter.${name}`)) || undefined;
  } catch {
    return undefined;
  }
}

function keep(name: string, percent: number): void {
  try {
    localStorage.setItem(`splitter.${name}`, String(Math.round(percent)));
  } catch {
    // A browser that keeps nothing: the place holds until the page is left.
  }
}
