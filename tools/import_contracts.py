"""Import contracts of our own, for import-linter."""

from importlinter import Contract, ContractCheck, fields, output


class TablesStayHome(Contract):
    """Nobody imports hpf.<x>.models except hpf.<x> itself."""

    root = fields.StringField()

    def check(self, graph, verbose):  # type: ignore[no-untyped-def]
        leaks = []
        for module in sorted(graph.modules):
            parts = module.split(".")
            if parts[0] != self.root or len(parts) < 3 or parts[2] != "models":
                continue
            home = ".".join(parts[:2])
            for importer in sorted(graph.find_modules_that_directly_import(module)):
                if not (importer == home or importer.startswith(home + ".")):
                    leaks.append((importer, module))
        return ContractCheck(kept=not leaks, metadata={"leaks": leaks})

    def render_broken_contract(self, check):  # type: ignore[no-untyped-def]
        for importer, module in check.metadata["leaks"]:
            home = module.rsplit(".models", 1)[0]
            output.print_error(f"{importer} imports {module}; ask {home}.queries or .services instead")
