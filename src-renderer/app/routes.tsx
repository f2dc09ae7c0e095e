import { ClockRegular } from '@fluentui/react-icons/svg/clock';
import { DatabaseRegular } from '@fluentui/react-icons/svg/database';
import { DocumentTextRegular } from '@fluentui/react-icons/svg/document-text';
import { HomeRegular } from '@fluentui/react-icons/svg/home';
import { PlayRegular } from '@fluentui/react-icons/svg/play';
import { SettingsRegular } from '@fluentui/react-icons/svg/settings';
import { TextBulletListLtrRegular } from '@fluentui/react-icons/svg/text-bullet-list-ltr';
import type { ComponentType, ReactNode } from 'react';

/** A page of the window: where it is, how its code comes, and whether the navigation shows it. */
export interface PageRoute {
  /** As react-router writes it: `/jobs/:job_id`. */
  readonly path: string;
  /** Loads the page's code when it is first opened. */
  readonly page: () => Promise<ComponentType>;
  readonly nav?: {
    readonly label: string;
    readonly icon: ReactNode;
    /** A number at the end of the line. */
    readonly count?: 'jobs' | 'running';
  };
}

/** Every page, in the order of the navigation. README.md tells how to add one. */
export const pages: readonly PageRoute[] = [
  {
    path: '/',
    page: async () => (await import('../features/dashboard/dashboard-page')).DashboardPage,
    nav: { label: 'Dashboard', icon: <HomeRegular /> },
  },
  {
    path: '/jobs',
    page: async () => (await import('../features/jobs/jobs-page')).JobsPage,
    nav: { label: 'Jobs', icon: <TextBulletListLtrRegular />, count: 'jobs' },
  },
  {
    path: '/jobs/new',
    page: async () => (await import('../features/editor/editor-page')).EditorPage,
  },
  {
    path: '/jobs/:job_id/edit',
    page: async () => (await import('../features/editor/editor-page')).EditorPage,
  },
  { path: '/jobs/:job_id', page: async () => (await import('../features/jobs/detail/job-page')).JobPage },
  {
    path: '/executions',
    page: async () => (await import('../features/executions/executions-page')).ExecutionsPage,
    nav: { label: 'Executions', icon: <PlayRegular />, count: 'running' },
  },
  {
    path: '/executions/:execution_id',
    page: async () => (await import('../features/executions/execution-page')).ExecutionPage,
  },
  {
    path: '/scheduler',
    page: async () => (await import('../features/scheduler/scheduler-page')).SchedulerPage,
    nav: { label: 'Scheduler', icon: <ClockRegular /> },
  },
  {
    path: '/connections',
    page: async () => (await import('../features/connections/connections-page')).ConnectionsPage,
    nav: { label: 'Connections', icon: <DatabaseRegular /> },
  },
  {
    path: '/logs',
    page: async () => (await import('../features/logs/logs-page')).LogsPage,
    nav: { label: 'Logs', icon: <DocumentTextRegular /> },
  },
  {
    path: '/settings',
    page: async () => (await import('../features/settings/settings-page')).SettingsPage,
    nav: { label: 'Settings', icon: <SettingsRegular /> },
  },
  { path: '/audit', page: async () => (await import('../features/settings/audit/audit-page')).AuditPage },
];
