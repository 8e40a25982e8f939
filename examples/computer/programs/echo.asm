// Shows the key that is held down, in binary, as the first pixels of the screen.
(AGAIN)
    @KBD
    D=M
    @SCREEN
    M=D
    @AGAIN
    0;JMP
