"""Settings to a listening server; ``python -m service.server`` serves what is in force and never builds."""

import asyncio
import socket

import uvicorn

from service.app import Service, create_app
from service.engines.lanes import Handover
from service.engines.reception import Reception
from service.front.wire import Protocol
from service.logs import json_lines
from service.settings import Settings

READING_SECONDS = 0.05


class Server(uvicorn.Server):
    """The library's server with a reception in front: connections come from there, not from a listener of its own."""

    def __init__(self, app: Service, settings: Settings) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=settings.host,
                port=settings.port,
                http=Protocol,
                server_header=False,
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=int(settings.query_deadline_seconds) + 1,
            )
        )
        self._reception = app.state.pool.reception = Reception(settings, self._admit)
        self._made: set[asyncio.Task[object]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002  the reception has the only one
        """Take the address, load the data, then take connections."""
        listener = self.config.bind_socket()
        listener.setblocking(False)
        listener.set_inheritable(False)  # whoever had it as well would keep the address open when we have closed it
        await super().startup(sockets=[])
        listener.listen(self.config.backlog)
        self._reception.open(listener)
        host, port = listener.getsockname()[:2]
        json_lines("server").info("listening", address=f"http://{f'[{host}]' if ':' in host else host}:{port}/")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections and let requests under way come to their end."""
        await self._reception.close()
        if self._made:
            await asyncio.wait(self._made)
        await asyncio.sleep(READING_SECONDS)  # for requests that have come to connections taken over just now
        await super().shutdown(sockets)

    def _admit(self, connection: socket.socket, handover: Handover) -> None:
        """Serve a connection in the framework."""
        loop = asyncio.get_running_loop()

        def protocol() -> Protocol:
            made = Protocol(self.config, self.server_state, self.lifespan.state, loop)
            made.handover = handover
            return made

        task = loop.create_task(loop.connect_accepted_socket(protocol, connection))
        self._made.add(task)
        task.add_done_callback(self._made.discard)


def run(settings: Settings) -> None:
    """Serve until told to end; requests under way are answered first."""
    server = Server(create_app(settings), settings)
    server.run()


if __name__ == "__main__":
    run(Settings())
