"""What the client asks of a hub, for asyncio. ``_sync`` is written from it."""
