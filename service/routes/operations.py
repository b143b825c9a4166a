"""The state of the service to what operators read: /health, /ready, /metrics and the running queries."""

import hmac
from ipaddress import ip_address

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST

from service.engines.verdicts import starting
from service.engines.workers import Pool
from service.front.metrics import Metrics
from service.web.problems import from_status

router = APIRouter(tags=["operations"])
NEVER = {"Cache-Control": "no-store"}


@router.get("/health")
async def health() -> JSONResponse:
    """The process lives."""
    return JSONResponse({"status": "ok"}, headers=NEVER)


@router.get("/ready")
async def ready(request: Request) -> JSONResponse:
    """Queries are answered, and from which snapshot."""
    pool: Pool = request.app.state.pool
    if not pool.ready:
        raise starting()
    return JSONResponse({"status": "ok", "snapshot": pool.digest}, headers=NEVER)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Counters in the form that Prometheus reads."""
    counters: Metrics = request.app.state.metrics
    return Response(counters.text(), media_type=CONTENT_TYPE_LATEST, headers=NEVER)


@router.get("/operations/queries")
async def running(request: Request) -> JSONResponse:
    """The queries under way, for the operator."""
    only_operator(request)
    pool: Pool = request.app.state.pool
    listed = [
        {"number": number, "seconds": round(job.elapsed, 3), "bytes": job.spool.size, "query": job.text}
        for number, job in pool.running().items()
    ]
    return JSONResponse({"queries": listed}, headers=NEVER)


@router.delete("/operations/queries/{number}")
async def end_query(request: Request, number: int) -> JSONResponse:
    """End a running query, for the operator."""
    only_operator(request)
    pool: Pool = request.app.state.pool
    if not pool.end_query(number):
        raise from_status(404)
    return JSONResponse({"ended": number}, headers=NEVER)


def only_operator(request: Request) -> None:
    """Refuse everybody but the operator, who has the token and sits at this machine; to others nothing is here."""
    token = request.app.state.settings.operator_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    host = request.client.host if request.client else ""
    known = token is not None and hmac.compare_digest(given.encode(), token.get_secret_value().encode())
    if not (known and host and ip_address(host).is_loopback):
        raise from_status(404)
