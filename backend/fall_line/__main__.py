"""``python -m fall_line`` is the command ``fall-line``."""

import sys

from fall_line.cli import main

sys.exit(main())
