"""The data memory: an address of 15 bits means a word of RAM, of the screen, or the keyboard.

0x0000 to 0x3FFF    RAM
0x4000 to 0x5FFF    screen: 256 rows of 32 words, 16 pixels a word, bit 0 on the left
0x6000              keyboard: the code of the key that is held down, 0 where there is none
0x6001 to 0x7FFF    nothing: it reads 0, and what is written is lost
"""

from __future__ import annotations

from circuits import Bit, Memory, Word, circuit, memory_word, mux

SCREEN, KEYBOARD = 0x4000, 0x6000


class Cell:
    """The word that an address means: `value` is what is there, and `write` stores at the end of the step."""

    def __init__(self, address: Word, keyboard: Word):
        self._high, self._higher = address[13], address[14]
        self._ram = memory_word(Memory("ram", 14, 16), address[:14])
        self._screen = memory_word(Memory("screen", 13, 16), address[:13])
        key = keyboard & (address == KEYBOARD).repeat(16)
        self.value = mux(self._higher, mux(self._high, key, self._screen), self._ram)

    def write(self, data: Word, load: Bit) -> None:
        """Store the data where `load` is 1."""
        self._ram.write(data, load & ~self._higher)
        self._screen.write(data, load & self._higher & ~self._high)


@circuit
def memory(in_: Word[16], load, address: Word[15], keyboard: Word[16]):
    """The memory alone; `keyboard` is the key that somebody holds down."""
    cell = Cell(address, keyboard)
    cell.write(in_, load)
    return cell.value
