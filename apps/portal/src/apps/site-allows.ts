import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { appCodeAt, carriesShellText } from '@interpulse/domain/app/app-code.ts';
import type { App } from '@interpulse/domain/app/app.ts';

type RegisteredApp = Schemas['RegisteredApp'];
type Site = Schemas['Site'];

/** An app at a site: which code it has there, and whether the site runs it. */
export interface AppAtSite {
  siteName: string;
  /** SHA-256 of its code there; null when the hub has not said. */
  digest: string | null;
  hasVariant: boolean;
  /** Why the site does not run it; null when it does. */
  refusal: string | null;
}

/** How an app stands at every site that computes. */
export function appAtSites(app: RegisteredApp, sites: readonly Site[]): AppAtSite[] {
  return sites
    .filter((site) => site.roles.includes('compute'))
    .map((site) => {
      const digest = app.digests[site.name] ?? app.digests['*'] ?? null;
      const hasVariant = Object.hasOwn(app.variants, site.name);
      return { siteName: site.name, digest, hasVariant, refusal: refusalOf(app, site, digest) };
    });
}

function refusalOf(app: RegisteredApp, site: Site, digest: string | null): string | null {
  if (app.sites !== null && !app.sites.includes(site.name)) return 'the app is not for this site';
  if (site.apps.allow === 'all') return null;
  const isListed = digest !== null && site.apps.digests.includes(digest);
  if (isListed) return null;
  if (site.apps.allow === 'listed') return 'the site runs listed code only, and this is not listed';
  const hasShellText = carriesShellText(appCodeAt(app as unknown as App, site.name));
  return hasShellText ? 'it brings text for a shell, and its code is not listed there' : null;
}
