// Time, and the inside of the counter: new at the tick, shown at the tock.
load Tally.hdl,
compare-to Tally.cmp,
output-list time%S1.4.1 out%D1.5.1 PC[]%D1.5.1;

set x1 1, set x2 1, tick, output;
tock, output;
repeat 3 {
    tick, tock, output;
}
set x2 0, tick, tock, output;
set PC[] 41, set x3 1, tick, tock, output;
set reset 1, tick, tock, output;
