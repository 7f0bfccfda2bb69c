"""A contract import-linter does not bring: "these modules may import only those".

For: floors that are defined by the little they may touch (kernel, guard, the pure files of a room); a list of forbidden
packages would be wrong again with the next dependency.
Promises: every direct import of a source module is the standard library, inside its own source package, or named by the
contract; anything else breaks it with file and line. `forbidden_stdlib` takes parts of the standard library away again.
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

    # The base class fills these with parsed values of their own kinds.
    source_modules: Any = fields.SetField(subfield=fields.ModuleExpressionField())
    allowed_modules: Any = fields.SetField(subfield=fields.ModuleExpressionField(), required=False)
    forbidden_stdlib: Any = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Look at every import of every source module."""
        sources = {module.name for module in module_expressions_to_modules(graph, self.source_modules)}
        allowed = sources | {module.name for module in module_expressions_to_modules(graph, self.allowed_modules or ())}
        allowed |= {one.expression for one in self.allowed_modules or () if "*" not in one.expression}
        stdlib = sys.stdlib_module_names - set(self.forbidden_stdlib or ())
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
