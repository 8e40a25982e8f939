"""circuits: gates, words and circuits written as Python functions. A gate is a function that adds one unit."""

from circuits.adders import (
    full_adder,
    half_adder,
    ripple_carry_adder,
    threshold_full_adder,
    threshold_half_adder,
    threshold_ripple_carry_adder,
)
from circuits.alu import general_alu, hack_alu
from circuits.codes import bcd_encoder, gray_decoder, gray_encoder, seven_segments
from circuits.compare import chain_less, comparator, equal, less, maximum, minimum, threshold_equal
from circuits.counters import counter, johnson_counter, modulo_counter, ring_counter, up_down_counter
from circuits.counting import (
    compact_popcount,
    leading_zeros,
    majority_vote,
    parity_chain,
    parity_tree,
    popcount,
    skipping_parity,
    threshold_parity,
    threshold_popcount,
)
from circuits.definition import Circuit, Port, Results, circuit
from circuits.division import divider, square_root
from circuits.errors import CircuitError
from circuits.fast_adders import (
    brent_kung_adder,
    carry_lookahead_adder,
    carry_save_adder,
    carry_select_adder,
    depth_two_adder,
    kogge_stone_adder,
    multi_operand_adder,
)
from circuits.formats import CannotWriteError, FormatError, read, write
from circuits.gates import Gate, and_, constant, majority, mux, nand, nor, not_, or_, threshold, xnor, xor
from circuits.language.memories import memory_word
from circuits.language.registers import delay, register
from circuits.language.selecting import select, where
from circuits.language.states import state
from circuits.latches import d_flip_flop, set_reset_latch
from circuits.memory import Memory
from circuits.multiplexers import decoder, demultiplexer, encoder, multiplexer, priority_encoder, word_multiplexer
from circuits.multipliers import (
    array_multiplier,
    booth_multiplier,
    dadda_multiplier,
    squarer,
    threshold_multiplier,
    wallace_multiplier,
)
from circuits.rams import ram, ram_of_gates, rom, rom_of_gates
from circuits.sequential import accumulator, debouncer, edge_detector
from circuits.shift import left_rotator, left_shifter, right_rotator, right_shifter
from circuits.shift_registers import lfsr, shift_register
from circuits.sorting import sorting_network, threshold_sorter, word_sorting_network
from circuits.state_machines import state_machine
from circuits.subtract import absolute, negator, subtractor
from circuits.synthesis import classifier
from circuits.synthesis.certificate import Summability
from circuits.synthesis.collapse import collapse
from circuits.synthesis.gates_target import to_gates
from circuits.synthesis.minimize import minimize_weights
from circuits.synthesis.nand import NandReport, nand_report, to_nand
from circuits.synthesis.passes.balance import balance
from circuits.synthesis.passes.cones import minimize_cones
from circuits.synthesis.passes.constants import fold_constants
from circuits.synthesis.passes.dead import remove_dead
from circuits.synthesis.passes.driver import CleanReport, clean
from circuits.synthesis.passes.negations import absorb_negations, remove_negations
from circuits.synthesis.passes.sharing import share_units
from circuits.synthesis.sum_certificate import SumCertificate, certify_sum
from circuits.synthesis.threshold import Perceptron, find_summability, find_threshold, threshold_functions
from circuits.table_units import table_unit
from circuits.time.expand import expand_memories
from circuits.time.simulation import Simulation, record, run
from circuits.time.waves import Waves
from circuits.wires import Bit, Signed, Width, Wire, Word, concat
from perceptron.names import gate_name, statistics

__all__ = [
    "Bit",
    "CannotWriteError",
    "Circuit",
    "CircuitError",
    "CleanReport",
    "FormatError",
    "Gate",
    "Memory",
    "NandReport",
    "Perceptron",
    "Port",
    "Results",
    "Signed",
    "Simulation",
    "SumCertificate",
    "Summability",
    "Waves",
    "Width",
    "Wire",
    "Word",
    "absolute",
    "absorb_negations",
    "accumulator",
    "and_",
    "array_multiplier",
    "balance",
    "bcd_encoder",
    "booth_multiplier",
    "brent_kung_adder",
    "carry_lookahead_adder",
    "carry_save_adder",
    "carry_select_adder",
    "certify_sum",
    "chain_less",
    "circuit",
    "classifier",
    "clean",
    "collapse",
    "compact_popcount",
    "comparator",
    "concat",
    "constant",
    "counter",
    "d_flip_flop",
    "dadda_multiplier",
    "debouncer",
    "decoder",
    "delay",
    "demultiplexer",
    "depth_two_adder",
    "divider",
    "edge_detector",
    "encoder",
    "equal",
    "expand_memories",
    "find_summability",
    "find_threshold",
    "fold_constants",
    "full_adder",
    "gate_name",
    "general_alu",
    "gray_decoder",
    "gray_encoder",
    "hack_alu",
    "half_adder",
    "johnson_counter",
    "kogge_stone_adder",
    "leading_zeros",
    "left_rotator",
    "left_shifter",
    "less",
    "lfsr",
    "majority",
    "majority_vote",
    "maximum",
    "memory_word",
    "minimize_cones",
    "minimize_weights",
    "minimum",
    "modulo_counter",
    "multi_operand_adder",
    "multiplexer",
    "mux",
    "nand",
    "nand_report",
    "negator",
    "nor",
    "not_",
    "or_",
    "parity_chain",
    "parity_tree",
    "popcount",
    "priority_encoder",
    "ram",
    "ram_of_gates",
    "read",
    "record",
    "register",
    "remove_dead",
    "remove_negations",
    "right_rotator",
    "right_shifter",
    "ring_counter",
    "ripple_carry_adder",
    "rom",
    "rom_of_gates",
    "run",
    "select",
    "set_reset_latch",
    "seven_segments",
    "share_units",
    "shift_register",
    "skipping_parity",
    "sorting_network",
    "square_root",
    "squarer",
    "state",
    "state_machine",
    "statistics",
    "subtractor",
    "table_unit",
    "threshold",
    "threshold_equal",
    "threshold_full_adder",
    "threshold_functions",
    "threshold_half_adder",
    "threshold_multiplier",
    "threshold_parity",
    "threshold_popcount",
    "threshold_ripple_carry_adder",
    "threshold_sorter",
    "to_gates",
    "to_nand",
    "up_down_counter",
    "wallace_multiplier",
    "where",
    "word_multiplexer",
    "word_sorting_network",
    "write",
    "xnor",
    "xor",
]
