"""workbench: the doors to the other packages, which do the work: the command line and the pages it writes."""
