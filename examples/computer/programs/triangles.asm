// Pascal's triangle, odd numbers black, twice side by side: in each row a pixel is the exclusive or of the pixel above
// it and that one's left neighbour. So a row is the row above, exclusive or the same shifted by one pixel.
    @SCREEN
    M=1             // the top of the left triangle
    @16400          // SCREEN + 16: the middle of the first row
    M=1
    @SCREEN
    D=A
    @above
    M=D
(WORD)
    @above
    D=M
    @24544          // the first word of the last row
    D=D-A
    @END
    D;JGE
    @above
    A=M
    D=M
    @word
    M=D
    @shifted
    M=D
    M=D+M           // one pixel to the right is twice the number
    @carry
    D=M
    @shifted
    M=D+M
    @word           // what leaves on the right comes into the next word
    D=M
    @carry
    M=0
    @KEPT
    D;JGE
    @carry
    M=1
(KEPT)
    @word
    D=M
    @shifted
    D=D&M           // x ^ y = (x | y) - (x & y)
    @both
    M=D
    @word
    D=M
    @shifted
    D=D|M
    @both
    D=D-M
    @result
    M=D
    @32
    D=A
    @above
    D=D+M
    @below
    M=D
    @result
    D=M
    @below
    A=M
    M=D
    @above
    M=M+1
    @WORD
    0;JMP
(END)
    @END
    0;JMP
