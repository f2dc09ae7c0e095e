import { join } from 'node:path';

/** The embedded store's file in a data folder. */
export const embeddedFile = (dataFolder: string): string => join(dataFolder, 'job_scheduler.db');

/** What stands in front of a SQL Server, in a data folder. */
export const journalFile = (dataFolder: string): string => join(dataFolder, 'journal.db');
