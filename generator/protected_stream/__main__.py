"""`python -m protected_stream`: the same as `protected-stream`."""

import sys

from protected_stream.cli.main import main

sys.exit(main())
