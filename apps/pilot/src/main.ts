// Each of the two loads its own modules: a spawner is to be small and quick to start.
if (process.argv[2] === 'spawner') {
  const { serveSpawner } = await import('./spawner/serve-spawner.ts');
  serveSpawner();
} else {
  const { servePilot } = await import('./serve-pilot.ts');
  await servePilot();
}
