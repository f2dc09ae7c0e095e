import { Input } from '@fluentui/react-components';
import { SearchRegular } from '@fluentui/react-icons/svg/search';
import { useId } from 'react';
import { roleAtLeast } from '../../../src-shared/roles';
import { useSession } from '../../lib/session';
import { useUrlChange, useUrlText } from '../../lib/url-state';
import { Page, PageHeader } from '../../ui/page';
import { EmptyState, ForbiddenState } from '../../ui/states';
import { AboutSection } from './about-section';
import { AppearanceSection } from './appearance-section';
import { AuditSection } from './audit-section';
import { DesktopSection } from './desktop-section';
import { KeysSection } from './keys-section';
import { NotificationsSection } from './notifications-section';
import { SecretsSection } from './secrets-section';
import { type Section, type SectionId, sections } from './sections';
import { SessionsSection } from './sessions-section';
import styles from './settings.module.css';
import { StoreSection } from './store/store-section';
import { UsersSection } from './users-section';
import { ValuesSection } from './values-section';

const bodies: Readonly<Record<SectionId, React.ComponentType<{ readonly search: string }>>> = {
  appearance: AppearanceSection,
  notifications: NotificationsSection,
  desktop: DesktopSection,
  store: StoreSection,
  users: UsersSection,
  sessions: SessionsSection,
  keys: KeysSection,
  secrets: SecretsSection,
  values: ValuesSection,
  audit: AuditSection,
  about: AboutSection,
};

const fits = ({ title, words }: Section, search: string) =>
  search
    .toLowerCase()
    .split(/\s+/)
    .every((part) => `${title} ${words}`.toLowerCase().includes(part));

/** Whether the search may be about a single setting, which only that section can tell. */
const isOpenTo = (section: Section, search: string) => section.id === 'values' || fits(section, search);

function SectionBody({ section, search }: { readonly section: Section; readonly search: string }) {
  const { role, isKnown } = useSession();
  const Body = bodies[section.id];
  if (!isKnown) return null;
  if (!roleAtLeast(role, section.role)) {
    return (
      <div className={styles.forbidden}>
        <ForbiddenState what={section.title} isSmall />
      </div>
    );
  }
  return <Body search={search} />;
}

/** /settings: sections with one search over all of them. */
export function SettingsPage() {
  const [chosen] = useUrlText('section');
  const change = useUrlChange();
  const [search, setSearch] = useUrlText('q');
  const id = useId();
  const { role } = useSession();
  const offered = search === '' ? sections : sections.filter((section) => isOpenTo(section, search));
  const current = offered.find((section) => section.id === chosen) ?? offered[0];
  const shown =
    search === '' ? (current ? [current] : []) : offered.filter((one) => roleAtLeast(role, one.role));
  return (
    <Page title="Settings">
      <PageHeader title="Settings" />
      <div className={styles.layout}>
        <div className={styles.side}>
          <Input
            aria-label="Find a setting"
            placeholder="Find a setting"
            contentBefore={<SearchRegular />}
            value={search}
            onChange={(_, data) => setSearch(data.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setSearch('');
            }}
          />
          <nav aria-label="Sections of the settings">
            <ul className={styles.sections}>
              {offered.map((section) => (
                <li key={section.id}>
                  <button
                    type="button"
                    className={styles.section}
                    aria-current={search === '' && section === current ? 'page' : undefined}
                    aria-controls={id}
                    onClick={() =>
                      change({ q: '', section: section.id }, section !== current || search !== '')
                    }
                  >
                    {section.title}
                  </button>
                </li>
              ))}
            </ul>
          </nav>
        </div>
        <div className={styles.content} id={id}>
          {shown.length === 0 && <EmptyState title="No setting fits">Try another word.</EmptyState>}
          {shown.map((section) => (
            <SectionBody key={section.id} section={section} search={search} />
          ))}
        </div>
      </div>
    </Page>
  );
}
