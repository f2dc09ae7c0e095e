import type { Logger } from '../ports/logger';
import type { Redactor } from './redactor';

/** A logger through which no known secret passes. */
export function createMaskingLogger(logger: Logger, redactor: Redactor): Logger {
  return {
    debug: (message, details) => logger.debug(redactor.text(message), redactor.value(details)),
    info: (message, details) => logger.info(redactor.text(message), redactor.value(details)),
    warning: (message, details) => logger.warning(redactor.text(message), redactor.value(details)),
    error: (message, details) => logger.error(redactor.text(message), redactor.value(details)),
  };
}
