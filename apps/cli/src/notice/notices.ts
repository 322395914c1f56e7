import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { noticeOccasions } from '@interpulse/domain/notice/notice-rule.ts';
import type { Context } from '../context.ts';
import { localTime } from '../output/quantities.ts';
import { renderFields, renderTable } from '../output/render-table.ts';
import { oneOf } from '../read-input.ts';

/** `notice show`: where one hears of flow runs, and how that goes. */
export async function showNotices(context: Context): Promise<void> {
  print(context, await unwrap(context.client.GET('/api/v1/me/notices')));
}

/** What `notice set` is told; what is left out stays. */
export interface SetNoticesOptions {
  to?: string[] | undefined;
  on?: string[] | undefined;
  /** To be told nothing anywhere. */
  nowhere?: boolean | undefined;
}

/** `notice set`. */
export async function setNotices(context: Context, options: SetNoticesOptions): Promise<void> {
  const { to, on, nowhere = false } = options;
  const body: Schemas['ChangeNoticesBody'] = {};
  if (nowhere) body.to = [];
  else if (to !== undefined) body.to = to;
  if (on !== undefined) body.on = readOccasions(on);
  print(context, await unwrap(context.client.PATCH('/api/v1/me/notices', { body })));
}

/** `notice test`: sends a test to every place of one's own. */
export async function testNotices(context: Context): Promise<void> {
  const notices = await unwrap(context.client.POST('/api/v1/me/notices/test'));
  context.out.document(
    notices,
    () => `a test is on its way to ${notices.to.join(', ')}; see: interpulse notice show`,
  );
}

/** Occasions as typed: several words, or one with commas. */
export function readOccasions(words: readonly string[]) {
  const occasions = words.flatMap((word) => word.split(','));
  return occasions.map((word) => oneOf('--on', noticeOccasions, word));
}

function print(context: Context, notices: Schemas['OwnNotices']): void {
  context.out.document(notices, () => {
    const { standings, on, ways } = notices;
    const here = [
      ...(ways.mail ? ['mail:ADDRESS'] : []),
      ...ways.chats.map((chat) => `chat:${chat}`),
      ...(ways.webhookHosts.length > 0 ? ['webhook:URL'] : []),
    ];
    const fields = renderFields([
      ['told of', on.join(', ') || 'nothing'],
      ['this hub sends to', here.join(', ') || 'nowhere; its configuration names no way'],
    ]);
    const table = renderTable({
      columns: ['told at', 'last', 'waiting', 'problem'],
      rows: standings.map(({ place, lastSentAt, waiting, lastError }) => [
        place,
        localTime(lastSentAt, context.nowAt),
        waiting,
        lastError,
      ]),
      empty: 'told nowhere; set a place with: interpulse notice set --to mail:ADDRESS',
    });
    return `${fields}\n\n${table}`;
  });
}
