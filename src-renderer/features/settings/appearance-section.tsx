import { Field, Radio, RadioGroup, Select } from '@fluentui/react-components';
import { serverNow } from '../../lib/clock';
import { desktop } from '../../lib/desktop';
import { chooseDisplay, type DisplayChoice, display } from '../../lib/display';
import type { ThemeChoice } from '../../lib/theme';
import { useTheme } from '../../lib/theme-store';
import { formatFull } from '../../lib/time-text';
import { Card } from '../../ui/page';
import styles from './settings.module.css';

const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const zones = Intl.supportedValuesOf('timeZone');

/** How the window looks in this browser. */
export function AppearanceSection() {
  const { choice, choose } = useTheme();
  return (
    <Card title="Appearance" note={desktop ? 'of this window' : 'in this browser only'}>
      <div className={styles.form}>
        <Field label="Theme">
          <RadioGroup
            layout="horizontal"
            value={choice}
            onChange={(_, { value }) => choose(value as ThemeChoice)}
          >
            <Radio value="system" label="Like the system" />
            <Radio value="light" label="Light" />
            <Radio value="dark" label="Dark" />
            <Radio value="contrast" label="High contrast" />
          </RadioGroup>
        </Field>
        <Field label="Rows of tables">
          <RadioGroup
            layout="horizontal"
            value={display.density}
            onChange={(_, { value }) => chooseDisplay({ density: value as DisplayChoice['density'] })}
          >
            <Radio value="comfortable" label="Comfortable" />
            <Radio value="compact" label="Compact" />
          </RadioGroup>
        </Field>
        <Field label="Time zone of shown times" hint={`Now: ${formatFull(serverNow())}`}>
          <Select value={display.zone} onChange={(_, { value }) => chooseDisplay({ zone: value })}>
            <option value="local">This computer ({ownZone})</option>
            <option value="UTC">UTC</option>
            {zones.map((zone) => (
              <option key={zone} value={zone}>
                {zone}
              </option>
            ))}
          </Select>
        </Field>
        <Field label="Clock">
          <RadioGroup
            layout="horizontal"
            value={display.clock}
            onChange={(_, { value }) => chooseDisplay({ clock: value as DisplayChoice['clock'] })}
          >
            <Radio value="h23" label="14:30" />
            <Radio value="h12" label="2:30 pm" />
          </RadioGroup>
        </Field>
      </div>
    </Card>
  );
}
