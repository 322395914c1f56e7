import { createHash } from 'node:crypto';
import type { Lease } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import { carriesShellText, describeAppCode } from '@interpulse/domain/app/app-code.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { ComputeConfig } from '../config/compute-config.ts';
import { steeringVariables } from './steering-variables.ts';

/** Descriptions whose digest is kept: an ensemble's leases come with one app. */
const digestsKept = 1_000;

/** Holds what the hub sends against what the site allows; the hub's word is not enough. */
export class AppGuard {
  readonly #allowsCommands: boolean;
  readonly #allow: ComputeConfig['apps']['allow'];
  readonly #listed: ReadonlySet<string>;
  readonly #digests = new Map<string, string>();

  constructor({ allowsCommands, apps }: Pick<ComputeConfig, 'allowsCommands' | 'apps'>) {
    this.#allowsCommands = allowsCommands;
    this.#allow = apps.allow;
    this.#listed = new Set(apps.digests);
  }

  /**
   * The digest of an app's code, null for a plain command.
   *
   * @throws DomainError `forbidden`, saying what the site's staff would have to allow.
   */
  check({ app, code, environment }: Pick<Lease, 'app' | 'code' | 'environment'>): string | null {
    if (app === null) {
      this.#checkCommand(code);
      return null;
    }
    this.#checkVariables(app.name, environment);
    const digest = this.#digest(describeAppCode(code));
    if (this.#allow === 'all' || this.#listed.has(digest)) return digest;
    if (this.#allow === 'templates' && !carriesShellText(code)) return digest;
    const why =
      this.#allow === 'templates'
        ? 'brings text for a shell, which this site runs only of apps that it lists'
        : 'is not among the apps that this site lists';
    const said = `the app ${app.name} ${why}; its staff can add "${digest}"`;
    const where = 'to "compute.apps.digests" in the configuration of its agent';
    throw new DomainError('forbidden', `${said} ${where}`);
  }

  #checkCommand(code: Lease['code']): void {
    const isPlain = !carriesShellText(code) && code.pre.length + code.post.length === 0;
    if (this.#allowsCommands && (isPlain || this.#allow === 'all')) return;
    const said = 'this site does not run plain commands; use an app, or ask its staff to set';
    throw new DomainError('forbidden', `${said} "compute.allowsCommands"`);
  }

  /** Who may not run commands of their own may not do so by way of an app's surroundings. */
  #checkVariables(app: string, environment: Lease['environment']): void {
    if (this.#allowsCommands || this.#allow === 'all') return;
    const names = steeringVariables(environment);
    if (names.length === 0) return;
    const said = `the app ${app} is not run here with ${names.join(', ')} of the job's own`;
    const remedy = 'leave them out, or have them set by the app';
    throw new DomainError('forbidden', `${said}: they could make it run other programs; ${remedy}`);
  }

  #digest(description: string): string {
    const known = this.#digests.get(description);
    if (known !== undefined) return known;
    if (this.#digests.size >= digestsKept) this.#digests.clear();
    const digest = `sha256:${createHash('sha256').update(description).digest('hex')}`;
    this.#digests.set(description, digest);
    return digest;
  }
}
