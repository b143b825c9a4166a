"""Environment to settings: the only reader of SHISAKU_* variables, checked once at start."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from service.stored import CURRENT

ROOT = Path(__file__).resolve().parents[1]
MEBIBYTE = 1024 * 1024


class Settings(BaseSettings):
    """Everything that an installation may choose; each field is the variable SHISAKU_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="SHISAKU_", frozen=True, extra="forbid")

    base_iri: str = Field(default="https://shisaku.example/", description="Start of every identifier; ends in a slash.")
    root: Path = Field(default=ROOT, description="The checkout that the folders below are found in.")
    data_dir: Path = Field(default=ROOT / "data", description="Tables, their schema and mappings.")
    ontology_dir: Path = Field(default=ROOT / "ontology", description="Our terms, SKOS schemes and prefixes.")
    shapes_dir: Path = Field(default=ROOT / "shapes", description="SHACL shapes and rules.")
    queries_dir: Path = Field(default=ROOT / "queries", description="Stored questions, one file each.")
    snapshots_dir: Path = Field(default=ROOT / "snapshots", description="Built snapshots and the link 'current'.")

    host: str = Field(default="127.0.0.1", description="Address to listen on; loopback unless told otherwise.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")
    operator_token: SecretStr | None = Field(
        default=None, description="Token for listing and ending running queries from loopback; without it both are off."
    )

    store_mode: str = Field(
        default="memory", pattern="^(memory|disk)$", description="Keep the graph in memory or read it from disk."
    )
    workers: int = Field(
        default=max(4, 2 * (os.cpu_count() or 1)), ge=1, le=256, description="Engine processes open to every request."
    )
    light_workers: int = Field(
        default=1, ge=0, le=64, description="Further engine processes kept for our own light requests."
    )
    lanes: int = Field(
        default=min(os.cpu_count() or 1, 8),
        ge=0,
        le=64,
        description="Processes that answer small questions straight from the connection; 0 has engines answer everything.",
    )
    worker_memory_bytes: int = Field(
        default=512 * MEBIBYTE, ge=16 * MEBIBYTE, description="Memory that one query may take on top of the graph."
    )
    worker_queries: int = Field(
        default=50_000, ge=1, description="Queries after which an engine is replaced by a fresh one."
    )

    query_deadline_seconds: float = Field(
        default=10.0, gt=0, le=600, description="Longest time from a query's arrival to its end."
    )
    guaranteed_seconds: float = Field(
        default=2.0, gt=0, description="Time a query may run before others may push it out; shared by those who wait."
    )
    patience_seconds: float = Field(
        default=0.1, gt=0, description="Wait after which the longest-running query is pushed out."
    )
    queue_length: int = Field(
        default=100, ge=0, description="Requests that may wait for an engine; the newest goes first."
    )
    queue_seconds: float = Field(
        default=5.0, gt=0, description="Longest wait for an engine; never more than half the deadline."
    )

    max_query_bytes: int = Field(default=32 * 1024, ge=64, description="Longest query text.")
    max_query_tokens: int = Field(default=5_000, ge=16, description="Most words and signs in a query.")
    max_query_depth: int = Field(default=64, ge=1, description="Deepest nesting of brackets in a query.")
    max_query_patterns: int = Field(default=100, ge=1, description="Most triple patterns in a query.")
    max_query_steps: int = Field(default=50, ge=1, description="Most property path operators in a query.")
    max_query_clauses: int = Field(
        default=200, ge=1, description="Most OPTIONAL, UNION, BIND, MINUS and FILTER clauses in all."
    )
    max_url_bytes: int = Field(default=48 * 1024, ge=256, description="Longest request target.")
    max_body_bytes: int = Field(default=256 * 1024, ge=1024, description="Longest request body.")
    max_result_bytes: int = Field(
        default=256 * MEBIBYTE, ge=MEBIBYTE, description="Longest answer; longer ones are broken off."
    )
    spool_bytes: int = Field(
        default=2048 * MEBIBYTE,
        ge=0,
        description="Disk for answers whose readers are slow; when it is used up, engines wait.",
    )
    send_seconds: float = Field(
        default=30.0, gt=0, description="Longest time that a reader may leave one chunk of an answer untaken."
    )
    receive_seconds: float = Field(
        default=10.0, gt=0, description="Longest time that a request body may take to arrive."
    )
    cache_bytes: int = Field(
        default=64 * MEBIBYTE,
        ge=0,
        description="Memory for answers that are asked again, and half as much in each lane; 0 turns it off.",
    )
    service_allow_list: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="IRIs that SERVICE may name, separated by spaces; none unless told otherwise."
    )
    snapshot_poll_seconds: float = Field(default=1.0, gt=0, description="How often the link 'current' is looked at.")

    @field_validator("base_iri")
    @classmethod
    def _ends_in_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")) or not value.endswith("/"):
            raise ValueError("base_iri must be an http(s) IRI that ends in a slash")
        return value

    @field_validator("service_allow_list", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(value.split()) if isinstance(value, str) else value

    @property
    def current(self) -> Path:
        """The link that names the snapshot in force."""
        return self.snapshots_dir / CURRENT
