"""What the client asks of a hub. Written by ``tools/generate.ts`` from ``_async``."""
