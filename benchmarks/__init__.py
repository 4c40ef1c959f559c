"""How fast sheetflow is, measured side by side with other ways to do the same work: ``python -m benchmarks``.

Prints one table per question and writes them to ``docs/performance.md``. ``--quick`` tries everything on small
sheets in a minute and writes nothing. It needs the ``[test]`` extra: the spreadsheet is the tests' local server.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))  # where the local Sheets server is
