"""What every process of the gateway would load and compile at its start, whatever it is for."""

from __future__ import annotations

import gc
import importlib
import pkgutil

import gateway
from gateway.admission.replies import decision
from gateway.app.wiring.files.resources import resource_dir
from gateway.auth.dns import public_suffix
from gateway.patterns import LazyPattern
from gateway.templating.renderer import JinjaRenderer
from tests.support.compiled_templates import keep_compiled


def load_all() -> None:
    """Import every module: commands import what they need when they are called."""
    for module in pkgutil.walk_packages(gateway.__path__, "gateway."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def compile_all() -> None:
    """Read and compile what does not differ from process to process."""
    public_suffix.load_suffix_list()
    for pattern in [each for each in gc.get_objects() if isinstance(each, LazyPattern)]:
        pattern.search("")
    for reply in ("承認", "却下: 対象外のため"):  # the grammar is built by the first
        decision.parse(reply)
    keep_compiled()
    JinjaRenderer([resource_dir("templates")], {}).check()
