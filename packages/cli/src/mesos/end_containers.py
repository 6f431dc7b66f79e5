"""Ends every process of the containers of a cluster that runs no more: end_containers.py WORK_DIRECTORY [--temporary].

A temporary work directory is removed behind them.
Executors outlive their agent, so that a restarted one finds them again. They are known by their environment, which names a
directory of an agent, whoever their parent is now.
"""
import os
import shutil
import signal
import sys
import time

work_directory = os.path.realpath(sys.argv[1])
mark = b"=" + work_directory.encode() + b"/agents/"


def containers():
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) == os.getpid():
            continue
        try:
            with open("/proc/%s/environ" % name, "rb") as file:
                # An ended one that nobody has asked about has no environment.
                if mark in file.read():
                    yield int(name)
        except OSError:
            continue  # It has ended, or is another user's.


# One that forks while it is looked for is found the next time.
while True:
    living = list(containers())
    if not living:
        break
    for process in living:
        try:
            os.kill(process, signal.SIGKILL)
        except OSError:
            pass
    time.sleep(0.02)

if "--temporary" in sys.argv[2:]:
    shutil.rmtree(work_directory, ignore_errors=True)
