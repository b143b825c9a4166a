"""Settings to a listening server; ``python -m service.server`` serves what is in force and never builds."""

import uvicorn

from service.app import create_app
from service.settings import Settings
from service.wire import Protocol


def run(settings: Settings) -> None:
    """Serve until told to end; requests under way are answered first."""
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        http=Protocol,
        server_header=False,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=int(settings.query_deadline_seconds) + 1,
    )


if __name__ == "__main__":
    run(Settings())
