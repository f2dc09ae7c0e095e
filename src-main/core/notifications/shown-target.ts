import type { ChannelTarget } from '../../../src-shared/model/notification';

/** A target for people to see: a web address can be a secret, so of it only the host is shown. */
export function shownTarget({ target }: Pick<ChannelTarget, 'target'>): string {
  const address = /^(https?:\/\/[^/?#]+)/i.exec(target);
  return address ? `${address[1]}/…` : target;
}
