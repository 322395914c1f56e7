/** Every file's or run's answers get a folder of their own, named after it. */
export function answerFolder(returnTo: string, name: string): string {
  return `${returnTo.replace(/\/$/, '')}/${name.replace(/\.[^.]+$/, '')}/`;
}
