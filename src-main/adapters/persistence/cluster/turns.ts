import { createHash } from 'node:crypto';
import { placementOf } from '../../../core/cluster/placement';
import type { KnownMachine } from './machine-table';

/** So long a slot is left to the machine whose turn it is: a claim and its answer, on a busy server too. */
const turnMs = 400;
/** A machine that was not heard of for so long gets no turns; its lease may still hold. */
const silentMs = 6000;

/** Whose turn a slot is, so that machines with free places get equal shares, whichever of them is the quickest. */
export interface Turns {
  /** The machines as the server has them just now; `now` is this machine's clock, epoch ms. */
  note(machines: readonly KnownMachine[], now: number): void;
  holdBack(job_id: string, slot: number, runs_on: readonly string[] | undefined, now: number): number;
}

const weight = (node: string, job_id: string, slot: number): number =>
  createHash('md5').update(`${node}\n${job_id}\n${slot}`).digest().readUInt32BE(0);

/** The machine with the highest draw has the turn: all machines draw alike, and need not ask each other. */
export function createTurns(self: { readonly node: string; readonly tags: readonly string[] }): Turns {
  let others: readonly Pick<KnownMachine, 'node' | 'tags'>[] = [];
  /** The server's clock less this machine's. */
  let ahead = 0;
  return {
    note(machines, now) {
      const own = machines.find(({ node }) => node === self.node);
      // This machine has just told of itself: the newest sign of life is the server's time.
      if (own) ahead = own.last_seen - now;
      others = machines.filter(
        (one) =>
          one.node !== self.node &&
          one.state === 'alive' &&
          (own === undefined || own.last_seen - one.last_seen < silentMs),
      );
    },
    holdBack(job_id, slot, runs_on, now) {
      const mine = weight(self.node, job_id, slot);
      const isOthers = others.some(
        ({ node, tags }) =>
          placementOf(runs_on, { node, tags }) !== 'elsewhere' && weight(node, job_id, slot) > mine,
      );
      // A clock that is ahead does not get the turns of the others.
      return isOthers ? turnMs + Math.max(0, slot - (now + ahead)) : 0;
    },
  };
}
