"""The application's routes and the stored questions to an OpenAPI document, which lists each question with its own parameters."""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from service.catalogue import Parameter, Question
from service.web.negotiation import GRAPHS, PROBLEM_JSON, RESULTS

Document = dict[str, Any]
TYPES: Mapping[str, Document] = {
    "integer": {"type": "integer", "minimum": 0},
    "month": {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$", "example": "2014-04"},
}
FAULT = {"description": "The call is at fault", "content": {PROBLEM_JSON: {"schema": {"type": "object"}}}}
BUSY = {"description": "Too many requests or too heavy a query; Retry-After says when to come back"}
RUN = "/queries/{name}.{extension}"


def document(app: FastAPI, questions: Iterable[Question], version: str) -> Document:
    """The OpenAPI 3.1 document."""
    made = get_openapi(
        title="Shisaku 施策",
        version=version,
        routes=app.routes,
        license_info={"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
    )
    paths: Document = made["paths"]
    general = paths.pop(RUN)
    paths["/sparql"] = sparql()
    for question in questions:
        for extension in extensions(question):
            paths[f"/queries/{question.name}.{extension}"] = {"get": operation(question, extension)}
    paths[RUN] = general
    return made


def extensions(question: Question) -> tuple[str, ...]:
    """The formats that a question's answer comes in, the most asked for first."""
    return ("csv", "json", "tsv", "xlsx") if question.columns else ("ttl", "jsonld", "nt")


def operation(question: Question, extension: str) -> Document:
    """One stored question in one format."""
    return {
        "tags": ["questions"],
        "operationId": f"{question.name}.{extension}",
        "summary": f"{question.title.ja} / {question.title.en}",
        "description": f"{question.summary.ja}\n\n{question.summary.en}",
        "parameters": [parameter(entry) for entry in question.parameters],
        "responses": {"200": {"description": ", ".join(question.columns) or "RDF"}, "400": FAULT, "503": BUSY},
    }


def parameter(entry: Parameter) -> Document:
    """One parameter of a question."""
    schema: Document = dict(TYPES.get(entry.type, {"type": "string"}))
    if entry.choices:
        schema["enum"] = list(entry.choices)
    if entry.default:
        schema["default"] = entry.default
    described = f"{entry.title.ja} / {entry.title.en}"
    return {"name": entry.name, "in": "query", "required": entry.required, "description": described, "schema": schema}


def sparql() -> Document:
    """The SPARQL endpoint (SPARQL 1.1 Protocol, 2.1), which is no FastAPI route."""
    query = {"name": "query", "in": "query", "required": True, "schema": {"type": "string"}}
    graphs = [
        {"name": name, "in": "query", "schema": {"type": "array", "items": {"type": "string", "format": "iri"}}}
        for name in ("default-graph-uri", "named-graph-uri")
    ]
    content: Document = {form.media_type: {} for form in (*RESULTS, *GRAPHS)}
    answers = {"200": {"description": "The answer", "content": content}, "400": FAULT, "503": BUSY}
    text = {"schema": {"type": "string"}}
    form = {"schema": {"type": "object", "required": ["query"], "properties": {"query": {"type": "string"}}}}
    body = {"application/sparql-query": text, "application/x-www-form-urlencoded": form}
    shared = {"tags": ["sparql"], "responses": answers}
    return {
        "get": {**shared, "operationId": "sparql.get", "summary": "SPARQL 1.1 Query", "parameters": [query, *graphs]},
        "post": {
            **shared,
            "operationId": "sparql.post",
            "summary": "SPARQL 1.1 Query",
            "parameters": graphs,
            "requestBody": {"required": True, "content": body},
        },
    }
