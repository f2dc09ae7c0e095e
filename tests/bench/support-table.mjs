// Part of window.mjs: scrolls the jobs table as fast as a wheel and a thumb do, and looks at every frame for rows
// that are not there.

/** Scrolls through the whole table in so many frames, down and up, then jumps to places far apart. */
export async function measureTable(context, address) {
  const page = await context.newPage();
  await page.goto(`${address}/jobs`);
  const grid = page.getByRole('grid', { name: 'Jobs' });
  await grid.getByRole('row').nth(5).waitFor({ timeout: 60_000 });
  const figures = await grid.evaluate(async (element) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const bottom = () => element.scrollHeight - element.clientHeight;
    const head = element.querySelector('[role=row]').getBoundingClientRect().height;
    const rowHeight = element.querySelectorAll('[role=row]')[1].getBoundingClientRect().height;
    /** Rows of empty ground in sight, as a person sees the frame that is drawn next. */
    const blank = () => {
      const { top, bottom: end } = element.getBoundingClientRect();
      const seen = [...element.querySelectorAll('[role=rowgroup] > [role=row]')]
        .map((row) => row.getBoundingClientRect())
        .filter((row) => row.bottom > top + head && row.top < end);
      const covered = seen.reduce(
        (sum, row) => sum + Math.min(row.bottom, end) - Math.max(row.top, top + head),
        0,
      );
      return Math.max(0, Math.floor((end - top - head - covered) / rowHeight));
    };
    const frames = [];
    const longest = [];
    const observer = new PerformanceObserver((list) =>
      longest.push(...list.getEntries().map(({ duration }) => duration)),
    );
    observer.observe({ type: 'longtask' });
    const step = async (to) => {
      const before = performance.now();
      element.scrollTop = to;
      // The first frame hears of the scroll and draws; what stands at its end is what is seen.
      await frame();
      const missing = await new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(blank());
        port2.postMessage(0);
      });
      frames.push({ missing, ms: performance.now() - before });
    };
    // A wheel that is spun: 400 px a frame. A thumb that is dragged: the whole table in 60 frames. Jumps: End, Home.
    for (let at = 0; at < 40_000; at += 400) await step(at);
    for (let share = 0; share <= 60; share += 1) await step((bottom() * share) / 60);
    for (const share of [0, 1, 0.5, 0.25, 0.75, 0]) await step(bottom() * share);
    observer.disconnect();
    return { frames, longest, rows: Number(element.getAttribute('aria-rowcount')) };
  });
  const times = figures.frames.map(({ ms }) => ms).sort((a, b) => a - b);
  return {
    rows: figures.rows,
    frames: times.length,
    frame_p95_ms: Math.round(times[Math.floor(times.length * 0.95)]),
    blank_rows_most: Math.max(...figures.frames.map(({ missing }) => missing)),
    blank_frames: figures.frames.filter(({ missing }) => missing > 0).length,
    longest_task_ms: Math.round(Math.max(0, ...figures.longest)),
  };
}
