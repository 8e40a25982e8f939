// Every vote of three.
load Vote.hdl,
compare-to Vote.cmp,
output-list x1 x2 x3 out;

set x1 0, set x2 0, set x3 0, eval, output;
set x3 1, eval, output;
set x2 1, set x3 0, eval, output;
set x3 1, eval, output;
set x1 1, set x2 0, set x3 0, eval, output;
set x3 1, eval, output;
set x2 1, set x3 0, eval, output;
set x3 1, eval, output;
