// Draws a rectangle in the corner of the screen: R0 rows high, and 16 * R1 pixels wide.
    @R0
    D=M
    @rows
    M=D
    @SCREEN
    D=A
    @line
    M=D             // the first word of the row
(ROW)
    @rows
    D=M
    @END
    D;JLE
    @line
    D=M
    @word
    M=D
    @R1
    D=M
    @left
    M=D             // words that are left in this row
(WORD)
    @left
    D=M
    @NEXT
    D;JLE
    @word
    A=M
    M=-1            // sixteen black pixels
    @word
    M=M+1
    @left
    M=M-1
    @WORD
    0;JMP
(NEXT)
    @32             // words of a row
    D=A
    @line
    M=D+M
    @rows
    M=M-1
    @ROW
    0;JMP
(END)
    @END
    0;JMP
