"""Heads of evidence chains, gathered once a day and kept outside the database.

Whoever may change the database could cut links off a chain's end, or write a whole chain anew with fitting hashes.
Either shows against a head that was noted before: `faults_against` finds it. The notes are files of the data
directory, one for each day; keep copies of them where nobody who runs the database can write.
"""

import json
import os
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import text

from portal.kit import clock, jobs, tenancy
from portal.kit.db import db
from portal.kit.evidence import EvidenceEntry

HEADS = "SELECT chain, chain_id, position, hash FROM evidence_heads()"


class Head(NamedTuple):
    """The last link of a chain at some time."""

    chain: str
    chain_id: uuid.UUID
    position: int
    hash: str


def folder() -> Path:
    """Where the notes are kept."""
    path: Path = current_app.config["PORTAL"].data_dir / "evidence"
    return path


def heads_of(links: Iterable[EvidenceEntry]) -> list[Head]:
    """The head of each chain, by chain."""
    found: dict[tuple[str, uuid.UUID], Head] = {}
    for link in sorted(links, key=lambda one: one.position):
        found[link.chain, link.chain_id] = Head(link.chain, link.chain_id, link.position, link.hash)
    return [found[key] for key in sorted(found, key=str)]


def write(heads: Iterable[Head], day: str) -> Path:
    """Note the heads of a day, and give the file. Appears complete or not at all."""
    path = folder() / f"heads-{day}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.part")
    document = [{**head._asdict(), "chain_id": str(head.chain_id)} for head in heads]
    part.write_text(json.dumps({"day": day, "heads": document}, indent=1) + "\n")
    part.replace(path)
    return path


def faults_against(path: Path, links: Iterable[EvidenceEntry]) -> list[str]:
    """Sentences for each noted head that the chains do not hold any more."""
    document: dict[str, Any] = json.loads(path.read_text())
    there = {(link.chain, str(link.chain_id), link.position): link.hash for link in links}
    faults = []
    for head in document["heads"]:
        where = f"{head['chain']} {head['chain_id']}, link {head['position']}"
        found = there.get((head["chain"], head["chain_id"], head["position"]))
        if found is None:
            faults.append(f"{where}: was noted in {path.name} and is gone")
        elif found != head["hash"]:
            faults.append(f"{where}: is not the one that was noted in {path.name}")
    return faults


@jobs.due("kit.evidence_heads")
def gather_heads() -> None:
    """Note the heads once a day, at the first minute tick of the day by the portal's clock, in UTC."""
    with jobs.transaction(tenancy.PUBLIC):
        day = clock.now().date().isoformat()
        if (folder() / f"heads-{day}.json").exists():
            return
        heads = [Head(*row) for row in db.session.execute(text(HEADS)).all()]
    write(heads, day)
