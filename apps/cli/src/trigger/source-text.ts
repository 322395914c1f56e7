import type { Schemas } from '@interpulse/api/client/create-client.ts';

const moments = { start: 'start', end: 'end', firstFile: 'first file', allFiles: 'all files' };

/** What a trigger listens to, in a few words. */
export function sourceText(source: Schemas['Trigger']['source']): string {
  switch (source.kind) {
    case 'file': {
      const stage = source.stage === 'growing' ? 'growing ' : '';
      return `${stage}file ${source.instrument} ${source.pattern}`;
    }
    case 'run':
      return `${moments[source.on]} of a run of ${source.instrument}`;
    case 'parameter':
      return `${source.instrument} ${source.name}${source.changes ? ' changes' : ''}`;
    case 'dataset':
      return `${source.datasetKind ?? 'any'} dataset${source.where.length > 0 ? ' where …' : ''}`;
    case 'schedule':
      return `${source.cron} ${source.timeZone}`;
    case 'webhook':
      return 'webhook';
    case 'flow':
      return `${source.flowName} ${source.on.join(' or ')}`;
  }
}
