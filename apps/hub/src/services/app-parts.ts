import { createHash } from 'node:crypto';
import { appCodeAt, carriesShellText, describeAppCode } from '@interpulse/domain/app/app-code.ts';
import type { App, AppCode } from '@interpulse/domain/app/app.ts';
import type { CodeSeen } from '@interpulse/domain/placement/snapshot.ts';

/** What of an app its jobs keep: by site name, and `*` for sites without a variant. */
export interface AppParts {
  code: Record<string, AppCode>;
  codeSeen: Record<string, CodeSeen>;
}

/** A name that no site has. */
const anySite = '*';

/** The code of an app at every site, and its digests. */
export function appParts(app: App): AppParts {
  const sites = [anySite, ...Object.keys(app.variants)];
  const code = Object.fromEntries(sites.map((site) => [site, appCodeAt(app, site)]));
  const codeSeen = Object.fromEntries(
    Object.entries(code).map(([site, each]) => [
      site,
      { digest: digestOf(each), shellText: carriesShellText(each) },
    ]),
  );
  return { code, codeSeen };
}

function digestOf(code: AppCode): string {
  return `sha256:${createHash('sha256').update(describeAppCode(code)).digest('hex')}`;
}
