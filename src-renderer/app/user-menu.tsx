import {
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemLink,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { PersonRegular } from '@fluentui/react-icons/svg/person';
import { useState } from 'react';
import { desktop } from '../lib/desktop';
import { logOut, useSession } from '../lib/session';
import type { ThemeChoice } from '../lib/theme';
import { useTheme } from '../lib/theme-store';
import { PasswordDialog } from './password-dialog';

/** Who is here and how the window looks. */
export function UserMenu() {
  const { name, role, kind, user_id } = useSession();
  const [isChanging, setChanging] = useState(false);
  const { choice, choose } = useTheme();
  return (
    <>
      {isChanging && <PasswordDialog onClose={() => setChanging(false)} />}
      <Menu
        checkedValues={{ theme: [choice] }}
        onCheckedValueChange={(_, { checkedItems }) => choose((checkedItems[0] ?? 'system') as ThemeChoice)}
      >
        <MenuTrigger disableButtonEnhancement>
          <Button
            appearance="subtle"
            icon={<PersonRegular />}
            aria-label={`${name || 'You'}, role ${role}`}
          />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuGroup>
              <MenuGroupHeader>
                {name} · {role}
              </MenuGroupHeader>
            </MenuGroup>
            <MenuDivider />
            <MenuGroup>
              <MenuGroupHeader>Appearance</MenuGroupHeader>
              <MenuItemRadio name="theme" value="system">
                Like the system
              </MenuItemRadio>
              <MenuItemRadio name="theme" value="light">
                Light
              </MenuItemRadio>
              <MenuItemRadio name="theme" value="dark">
                Dark
              </MenuItemRadio>
              <MenuItemRadio name="theme" value="contrast">
                High contrast
              </MenuItemRadio>
            </MenuGroup>
            <MenuDivider />
            {!desktop && <MenuItemLink href="/api/docs">REST API</MenuItemLink>}
            {user_id !== null && <MenuItem onClick={() => setChanging(true)}>Change password…</MenuItem>}
            {kind !== 'local' && <MenuItem onClick={() => void logOut()}>Log out</MenuItem>}
          </MenuList>
        </MenuPopover>
      </Menu>
    </>
  );
}
