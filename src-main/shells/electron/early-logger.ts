import type { Logger } from '../../core/ports/logger';

/** A log for what happens before the program has one: kept, and handed over when it is there. */
export interface EarlyLogger extends Logger {
  handTo(logger: Logger): void;
}

export function createEarlyLogger(): EarlyLogger {
  let target: Logger | undefined;
  const kept: ((logger: Logger) => void)[] = [];
  const at =
    (level: keyof Logger): Logger['info'] =>
    (...line) => {
      if (target) target[level](...line);
      else kept.push((logger) => logger[level](...line));
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warning: at('warning'),
    error: at('error'),
    handTo(logger) {
      target = logger;
      for (const tell of kept.splice(0)) tell(logger);
    },
  };
}
