"""`python -m kefu` is the command `kefu`."""

from kefu.cli import main

main()
