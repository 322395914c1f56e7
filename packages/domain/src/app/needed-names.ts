import { appCodeAt } from './app-code.ts';
import type { App } from './app.ts';
import { givenNames } from './given-names.ts';
import { namesInCommand } from './render-command.ts';

/**
 * The names without whose values no site can start an app: those outside of lists in its commands,
 * but for what every command is given. A site that calls it otherwise may need fewer.
 */
export function neededNames(app: App): Set<string> {
  const sites = ['', ...Object.keys(app.variants)];
  const [everywhere = new Set<string>(), ...others] = sites.map((site) => {
    const { command, pre, post } = appCodeAt(app, site);
    const words = [command, ...pre, ...post].flat().filter((word) => typeof word === 'string');
    return new Set(namesInCommand(words));
  });
  const needed = [...everywhere].filter((name) => others.every((names) => names.has(name)));
  return new Set(needed.filter((name) => !givenNames.includes(name)));
}
