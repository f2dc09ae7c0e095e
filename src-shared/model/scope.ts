import { z } from 'zod';
import type { NamedOperation } from '../contract/operation';

/** What an operation does to its group: look, act (run, pause), or change. */
export const scopeKinds = ['read', 'operate', 'write'] as const;
export type ScopeKind = (typeof scopeKinds)[number];

/** `jobs:read`, `jobs:*`, `*:operate`: what an API key may call, beside what its role may. */
export const Scope = z
  .string()
  .regex(
    /^(\*|[a-z]{1,30}):(read|operate|write|\*)$/,
    'expected <group>:<read|operate|write|*>, such as jobs:read or *:operate',
  );

/** The scope that an operation needs. */
export function scopeOf({ id, operation }: NamedOperation): {
  readonly group: string;
  readonly kind: ScopeKind;
} {
  const group = id.split('.', 1)[0] ?? '';
  const isRead = operation.method === 'GET' || operation.role === 'viewer' || operation.role === 'public';
  return { group, kind: isRead ? 'read' : operation.role === 'operator' ? 'operate' : 'write' };
}

/** Whether one of the scopes covers the operation. */
export function scopesPermit(scopes: readonly string[], named: NamedOperation): boolean {
  const { group, kind } = scopeOf(named);
  return scopes.some((scope) => {
    const [ofGroup, ofKind] = scope.split(':');
    return (ofGroup === '*' || ofGroup === group) && (ofKind === '*' || ofKind === kind);
  });
}
