"""`python -m protected_stream`: the same as the command `protected-stream`."""

import sys

from protected_stream.cli.main import main

sys.exit(main())
