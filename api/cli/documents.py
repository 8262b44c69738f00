"""``lakana documents``: documents that front ends name by their hash and do not send."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import orjson
import typer

from api.cli.open_database import open_database
from geo.errors import BadInput
from geo.texts import shown

documents_app = typer.Typer(
    help="GraphQL documents that a front end names by their SHA-256 and does not send.", no_args_is_help=True
)


@documents_app.command("add")
def add_documents(
    files: Annotated[
        list[Path], typer.Argument(help="Documents (.graphql), or what a generator of documents wrote (.json).")
    ],
) -> None:
    """Register documents, all or none, and print their hashes."""
    from geo.identity import documents  # noqa: PLC0415  each command imports only what it needs

    texts = [text for file in files for text in _checked(file)]
    with open_database() as (_, url):
        for digest in documents.add(url, texts):
            typer.echo(f"sha256:{digest}")


@documents_app.command("list")
def list_documents() -> None:
    """Print the registered documents by their hashes and first lines, the newest first."""
    from geo.identity import documents  # noqa: PLC0415

    with open_database() as (_, url):
        for each in documents.listed(url):
            typer.echo(shown(f"sha256:{each.digest}  {each.added_at:%Y-%m-%d}  {each.begins}"))


@documents_app.command("remove")
def remove_document(digest: Annotated[str, typer.Argument(help="Its hash, as add and list print it.")]) -> None:
    """Remove a document; servers that have read it forget it when they are restarted."""
    from geo.identity import documents  # noqa: PLC0415

    with open_database() as (_, url):
        if not documents.remove(url, digest.removeprefix("sha256:")):
            raise BadInput("digest", "no registered document has this hash; lakana documents list prints all.")


def _checked(file: Path) -> list[str]:
    """Return the documents of a file, each of which the API would run."""
    from graphql import GraphQLError, OperationDefinitionNode, parse  # noqa: PLC0415

    from api.graphql.compile.document_cache import Operations  # noqa: PLC0415
    from api.graphql.compile.response import Refused  # noqa: PLC0415
    from api.graphql.schema import compiled_schema  # noqa: PLC0415

    operations, texts = Operations(compiled_schema()), _texts(file)
    for text in texts:
        try:
            parts = (each for each in parse(text).definitions if isinstance(each, OperationDefinitionNode))
            names = [each.name.value if each.name else None for each in parts]
            for name in names or [None]:
                operations.get(text, name)
        except Refused as refused:
            raise BadInput(str(file), refused.errors[0]["message"]) from None
        except GraphQLError as error:
            raise BadInput(str(file), error.message) from None
    return texts


def _texts(file: Path) -> list[str]:
    """Return the texts of a file: one document, or by their hashes those of a generator, in two usual forms."""
    try:
        written = file.read_text(encoding="utf-8")
        if file.suffix.lower() != ".json":
            return [written.strip()]
        found = orjson.loads(written)
        listed = {each["id"]: each["body"] for each in found["operations"]} if "operations" in found else found
        return [_named(file, name, text) for name, text in listed.items()]
    except UnicodeDecodeError:
        raise BadInput(str(file), "write it in UTF-8.") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise BadInput(str(file), "give an object of documents by their hashes, or Apollo's manifest.") from None


def _named(file: Path, name: str, text: str) -> str:
    from geo.identity.documents import digest_of  # noqa: PLC0415

    if digest_of(text) != name.removeprefix("sha256:").lower():
        problem = f"{shown(name)[:80]} is not the SHA-256 of its document; have the generator use SHA-256."
        raise BadInput(str(file), problem)
    return text
