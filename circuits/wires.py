"""What a circuit's function computes with: Wire (also called Bit), Word and Signed, and the scope that they carry."""

from circuits.language.bits import Bit, Wire, is_bit
from circuits.language.scope import Scope
from circuits.language.words import Signed, Width, Word, WordType, concat

__all__ = ["Bit", "Scope", "Signed", "Width", "Wire", "Word", "WordType", "concat", "is_bit"]
