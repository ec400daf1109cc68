"""Python within a site's environment: Django is set up once, and each piece of code has a fork."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

_LOOP = """
import json, os, sys, traceback
import django
django.setup()
import harborlight.cli
for line in sys.stdin:
    told = json.loads(line)
    child = os.fork()
    if child == 0:
        for number, path in ((1, told["out"]), (2, told["err"])):
            os.dup2(os.open(path, os.O_WRONLY), number)
        failed = 0
        try:
            exec(compile(told["code"], "<test>", "exec"), {"__name__": "__main__"})
        except SystemExit as ended:
            failed = ended.code or 0
        except BaseException:
            traceback.print_exc()
            failed = 1
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(failed)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@dataclass
class Shell:
    """A process that waits for code; what one piece did to the process the next does not see."""

    environment: dict[str, str]
    made_of: str
    process: subprocess.Popen[str] = field(init=False)

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _LOOP],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str) -> subprocess.CompletedProcess[str]:
        """How it ended and what it printed; RuntimeError when there is no site to run it in."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder) / "out", Path(folder) / "err"
            out.touch()
            err.touch()
            line = json.dumps({"code": code, "out": str(out), "err": str(err)})
            try:
                self.process.stdin.write(line + "\n")
                self.process.stdin.flush()
                status = self.process.stdout.readline()
            except BrokenPipeError:
                status = ""
            if not status:
                raise RuntimeError(self.process.communicate()[1])
            told = (each.read_text("utf-8") for each in (out, err))
            return subprocess.CompletedProcess(code, int(status), *told)

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()
