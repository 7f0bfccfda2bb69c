"""The requests of `spreadsheets.batchUpdate`.

For: one call, one draft: each request works on what the ones before it left.
Promises: the first request that is unfit refuses the call, named by its index, and nothing of the call remains; each request
has one reply, empty when Google's is empty.
Refuses: a request without a kind, and the kinds the simulator does not do (501, by name).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from onbam_sims.sheets import dimensions, filling, metadata, named, tabs
from onbam_sims.sheets.batch import Ask, Batch, Reply
from onbam_sims.sheets.refusal import Refusal, Unfit, invalid


def apply(batch: Batch, requests: list[dict[str, Any]]) -> list[Reply]:
    """All requests in order; the first unfit one refuses them all."""
    if not requests:
        raise invalid("Must specify at least one request.")
    return [_apply_one(batch, index, request) for index, request in enumerate(requests)]


def _apply_one(batch: Batch, index: int, request: dict[str, Any]) -> Reply:
    for kind, ask in request.items():
        if ask is None:
            continue
        try:
            return HANDLERS[kind](batch, ask)
        except Unfit as reason:
            raise invalid(f"Invalid requests[{index}].{kind}: {reason}") from None
        except Refusal as reason:
            if reason.code == 400:
                raise invalid(f"Invalid requests[{index}].{kind}: {reason.message}") from None
            raise
    raise invalid(f"Invalid requests[{index}]: No request set.")


def _create_metadata(batch: Batch, ask: Ask) -> Reply:
    return metadata.create(batch.draft, ask, batch.rules, batch.project)


def _update_metadata(batch: Batch, ask: Ask) -> Reply:
    return metadata.update(batch.draft, ask, batch.project)


def _delete_metadata(batch: Batch, ask: Ask) -> Reply:
    return metadata.delete(batch.draft, ask, batch.project)


HANDLERS: dict[str, Callable[[Batch, Ask], Reply]] = {
    "addSheet": tabs.add,
    "deleteSheet": tabs.delete,
    "updateSheetProperties": tabs.update,
    "appendCells": filling.append_cells,
    "updateCells": filling.update_cells,
    "insertDimension": dimensions.insert,
    "deleteDimension": dimensions.delete,
    "appendDimension": dimensions.append,
    "sortRange": filling.sort_range,
    "createDeveloperMetadata": _create_metadata,
    "updateDeveloperMetadata": _update_metadata,
    "deleteDeveloperMetadata": _delete_metadata,
    "addNamedRange": named.add,
    "deleteNamedRange": named.delete,
    "findReplace": filling.find_replace,
}
