"""A contract import-linter does not bring: "these modules may import only those".

For: floors that are defined by the little they may touch (kernel, guard, the pure files of a room); a list of forbidden packages
would be wrong again with the next dependency.
Promises: every direct import of a source module is the standard library, inside its own source package, or named by the contract;
anything else breaks it with file and line. `forbidden_stdlib` takes parts of the standard library away again.
Refuses: to look at indirect imports: what may be imported is itself held by a contract.
"""

from __future__ import annotations

import sys
from typing import Any

from grimp import ImportGraph
from importlinter.application import output
from importlinter.domain import fields
from importlinter.domain.contract import Contract, ContractCheck
from importlinter.domain.helpers import module_expressions_to_modules


class OnlyContract(Contract):
    """Source modules import the standard library and what is allowed, nothing else."""

    type_name = "only"

    source_modules = fields.SetField(subfield=fields.ModuleExpressionField())
    allowed_modules = fields.SetField(subfield=fields.ModuleExpressionField(), required=False)
    forbidden_stdlib = fields.SetField(subfield=fields.StringField(), required=False)
    own_package = fields.BooleanField(default=True)
    """Whether a source module may import its siblings below the same source expression."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 -- the base class's signature
        """Look at every import of every source module."""
        sources = {module.name for module in module_expressions_to_modules(graph, self.source_modules or ())}  # type: ignore[arg-type]
        allowed = {module.name for module in module_expressions_to_modules(graph, self.allowed_modules or ())}  # type: ignore[arg-type]
        allowed |= {expression.expression for expression in self.allowed_modules or () if "*" not in expression.expression}  # type: ignore[attr-defined]
        if self.own_package:
            allowed |= sources
        stdlib = sys.stdlib_module_names - set(self.forbidden_stdlib or ())  # type: ignore[arg-type]
        found: list[dict[str, Any]] = []
        for source in sorted(sources):
            for importer in sorted({source, *graph.find_descendants(source)}):
                for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                    if not _inside(imported, allowed) and imported not in stdlib:
                        lines = [d["line_number"] for d in graph.get_import_details(importer=importer, imported=imported)]
                        found.append({"importer": importer, "imported": imported, "lines": lines})
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line an import."""
        for one in check.metadata["found"]:
            lines = ", ".join(f"l.{line}" for line in one["lines"])
            output.print_error(f"-   {one['importer']} -> {one['imported']} ({lines})", bold=False)


def _inside(module: str, packages: set[str]) -> bool:
    """Whether a module is one of the packages or lies below one."""
    return any(module == package or module.startswith(package + ".") for package in packages)
