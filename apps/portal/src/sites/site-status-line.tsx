import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { useHubNow } from '../api/hub-clock.ts';
import { siteSentence } from './site-sentence.ts';

/** Why a site runs what it runs, or why nothing runs. */
export function SiteStatusLine(props: { site: Schemas['Site'] }) {
  const sentence = siteSentence(props.site, useHubNow());
  const words = sentence?.words ?? props.site.statusReason;
  if (words === null) return null;
  const isLate = sentence?.tone === 'late' || props.site.status !== 'up';
  return (
    <p style={{ margin: '0 0 10px', color: isLate ? 'var(--ip-late)' : 'inherit' }}>{words}</p>
  );
}
