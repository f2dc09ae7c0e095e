import { secretName, withoutUrlSecrets } from '../core/security/audit-changes';

const isReference = (text: string): boolean => /^\s*\{\{\s*secrets\.[\w.-]+\s*\}\}\s*$/.test(text);

/**
 * A value with `***` where a key names a secret, for every variable of an environment, and in addresses that carry
 * one; references to stored secrets stay, they tell nothing but a name.
 */
export function maskSecrets(value: unknown, key = '', isHidden = false): unknown {
  if (Array.isArray(value)) return value.map((one) => maskSecrets(one, key, isHidden));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) => [
        name,
        maskSecrets(child, name, isHidden || key === 'environment'),
      ]),
    );
  if (value === null || value === undefined) return value;
  if (isHidden || secretName.test(key))
    return typeof value === 'string' && isReference(value) ? value : '***';
  return typeof value === 'string' ? withoutUrlSecrets(value) : value;
}
