"""The command that makes gates of a network that learned: harden."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from learn import Data
from learn.threshold import Encoder, Robustness, ThresholdModel, load_any, robustness, save_threshold
from learn.whole import require_place
from workbench.commands.epochs import require_folder
from workbench.commands.learning import load_data, only
from workbench.errors import UsageError
from workbench.gates.hardening import Gates, harden_to_gates, levels_of
from workbench.gates.ports import require_format, sidecar_of, write_circuit
from workbench.gates.report import told, write_report
from workbench.gates.text import check_lines, part_table, robust_line, stage_table
from workbench.progress import status

MOST = 7  # whole weights, where nothing else is asked for


def harden(given: argparse.Namespace) -> None:
    """Make NANDs of a network, prove and run them, print what came of it, and write what was asked for."""
    _require_places(given)
    model = load_any(given.network)
    if isinstance(model, ThresholdModel):
        _require_layers(given)
    data = only(load_data(given.data), model.settings.get("only"))
    with status() as tell:
        gates = harden_to_gates(
            model.network if isinstance(model, ThresholdModel) else model.layers,
            data,
            encoder=_encoder(given, data),
            most=MOST if given.weights is None else given.weights,
            retrain=given.retrain or 0,
            random=given.random,
            rng=given.rng,
            name=Path(given.network).stem,
            tell=tell,
        )
        robust = None
        if given.robustness:
            tell("single pixels")
            robust = robustness(gates.network, gates.network.encoder.greys(data.test.images))
    lines = [*stage_table(gates), "", *part_table(gates), "", *check_lines(gates)]
    if robust is not None:
        lines.append(robust_line(robust))
    print(json.dumps(told(gates, robust)) if given.json else "\n".join(lines), flush=True)  # also where writing fails
    written = _write(given, gates, robust)
    if written and not given.json:
        print("\n".join(["", *written]))


def _require_places(given: argparse.Namespace) -> None:
    """Fail before the work, not after it."""
    if given.random < 0:
        raise UsageError(f"--random is {given.random}; give 0 or more")
    if given.weights is not None and given.weights < 1:
        raise UsageError(f"--weights is {given.weights}; give at least 1")
    if given.retrain is not None and given.retrain < 1:
        raise UsageError(f"--retrain is {given.retrain}; give at least 1 epoch")
    if given.output is not None:
        require_format(Path(given.output))
        _require_free(Path(given.output), given.force)
        _require_free(sidecar_of(Path(given.output)), given.force)
    if given.save is not None:
        if Path(given.save).suffix != ".npz":
            raise UsageError(f"{given.save!r} is no .npz file; give it that ending")
        _require_free(Path(given.save), given.force)
    if given.report is not None:
        require_folder(Path(given.report))


def _require_free(path: Path, force: bool) -> None:
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {str(path.parent)!r} for {path.name!r}; make it first")
    if path.is_dir():
        raise UsageError(f"{str(path)!r} is a folder; name a file")
    if path.exists() and not force:
        raise UsageError(f"{str(path)!r} is there already; add --force to write it anew")
    try:
        require_place(path)
    except OSError as error:
        raise UsageError(f"{str(path)!r} cannot be written ({error.strerror}); choose another place") from None


def _require_layers(given: argparse.Namespace) -> None:
    for option in ("marks", "digits", "weights", "retrain"):
        if getattr(given, option) is not None:
            raise UsageError(
                f"{given.network!r} holds whole numbers already, pixels as bits and all; leave out --{option}"
            )


def _encoder(given: argparse.Namespace, data: Data) -> Encoder | None:
    """The bits that were asked for, of pixels as the data has them."""
    inputs, levels = data.shape[0] * data.shape[1], levels_of(data)
    if given.marks is not None:
        return Encoder.thermometer(levels, inputs, sorted(set(given.marks)))
    if given.digits is not None:
        return Encoder.binary(levels, inputs, given.digits)
    return None


def _write(given: argparse.Namespace, gates: Gates, robust: Robustness | None) -> list[str]:
    """Write what was asked for; a line for each."""
    lines = []
    if given.output is not None:
        beside = write_circuit(gates, Path(given.output))
        lines.append(f"the circuit is in {given.output}, its ports are described in {beside}")
    if given.save is not None:
        settings = {"hardened": given.network, "data": gates.data.name}
        save_threshold(given.save, gates.network, settings, {"test": gates.accuracy})
        lines.append(f"the whole numbers are in {given.save}")
    if given.report is not None:
        lines.append(f"the report is in {write_report(gates, Path(given.report), robust)}")
    return lines
