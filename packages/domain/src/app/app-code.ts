import type { App, AppCode } from './app.ts';

/** What of an app runs at a site: the variant for it laid over the rest. */
export function appCodeAt(app: App, siteName: string): AppCode {
  const { command, shell, preamble, pre, post, environment } = app;
  const variant = Object.hasOwn(app.variants, siteName) ? app.variants[siteName] : undefined;
  const given = Object.entries(variant ?? {}).filter(([, value]) => value !== undefined);
  const code = { command, shell, preamble, pre, post, environment };
  return { ...code, ...(Object.fromEntries(given) as Partial<AppCode>) };
}

/** Whether it brings text that a shell reads, and not only a program's name and arguments. */
export function carriesShellText(code: AppCode): boolean {
  return code.shell || code.preamble.length > 0;
}

/**
 * The canonical text of an app's code: JSON, keys in the order of the schema, those of the
 * environment sorted. A site allows an app by the SHA-256 of its UTF-8 bytes, `sha256:HEX`.
 */
export function describeAppCode(code: AppCode): string {
  const { command, shell, preamble, pre, post } = code;
  const variables = Object.entries(code.environment).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([command, shell, preamble, pre, post, variables]);
}
