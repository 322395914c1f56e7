import { useHubNow } from '../api/hub-clock.ts';
import { readableText } from '../format/readable-text.ts';

/** A sentence of the hub, its instants in local time. */
export function ReadableText(props: { text: string }) {
  return readableText(props.text, useHubNow(60_000));
}
